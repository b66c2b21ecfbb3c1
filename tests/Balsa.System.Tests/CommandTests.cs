using System.Diagnostics;

namespace Balsa.System.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task A_cluster_in_the_background_is_used_without_flags_and_stopped()
    {
        using var cli = new Cli();
        var started = (await cli.DoAsync("dev", "--detach", "--json")).Json;
        var holder = started.GetProperty("pid").GetInt32();
        try
        {
            var status = (await cli.DoAsync("status", "--json")).Json;
            var pids = status.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("pid").GetInt32()).ToArray();
            var put = (await cli.DoAsync("put", "hello", "world", "--json")).Json;
            Assert.True(put.GetProperty("created").GetBoolean());
            Assert.Equal("world", (await cli.DoAsync("get", "hello")).Out.Trim());
            Assert.Equal(3, (await cli.RunAsync("get", "nothing")).Code);
            Assert.Equal(1, (await cli.RunAsync("dev", "--headless")).Code);
            await cli.DoAsync("dev", "stop");
            Assert.True(await DevRun.AllEndedAsync(pids));
            Assert.False(Directory.Exists(started.GetProperty("dataDir").GetString()));
        }
        finally
        {
            await StopAsync(cli, holder);
        }
    }

    [Fact]
    public async Task No_node_is_left_behind_when_the_holder_is_killed()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli);
        dev.KillHolder();
        Assert.True(await DevRun.AllEndedAsync(dev.NodePids));
        Assert.Equal(6, (await cli.RunAsync("put", "a", "b")).Code);
        Assert.Equal(6, (await cli.RunAsync("dev", "stop")).Code);
        // The next start cleans up what the killed one could not.
        await using var next = await DevRun.StartAsync(cli);
        await cli.DoAsync("put", "a", "b");
        Assert.False(Directory.Exists(dev.DataDirectory));
    }

    [Fact]
    public async Task Without_a_cluster_the_error_says_what_to_do()
    {
        using var cli = new Cli();
        var put = await cli.RunAsync("put", "a", "b", "--endpoints", "127.0.0.1:1", "--timeout", "300ms");
        Assert.Equal(6, put.Code);
        Assert.Contains("nothing was done", put.Error, StringComparison.Ordinal);
        Assert.Contains("next:", put.Error, StringComparison.Ordinal);
        Assert.Equal(6, (await cli.RunAsync("status", "--endpoints", "127.0.0.1:1")).Code);
        Assert.Equal(6, (await cli.RunAsync("fault", "kill", "n1")).Code);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put", "only-a-key")]
    [InlineData("get", "a", "--nonsense")]
    [InlineData("get", "a", "--timeout", "soon")]
    [InlineData("get", "a", "--endpoints", "nowhere")]
    [InlineData("ls", "--limit", "0")]
    [InlineData("dev", "--nodes", "0")]
    [InlineData("dev", "--nodes", "10")]
    [InlineData("dev", "--base-port", "80")]
    [InlineData("server", "--nonsense")]
    [InlineData("server", "--initial-cluster", "n2=http://127.0.0.1:1")]
    [InlineData("server", "--initial-cluster", "default=http://127.0.0.1:1")]
    [InlineData("server", "--listen-client-urls", "https://127.0.0.1:2379")]
    [InlineData("server", "--listen-peer-urls", "http://0.0.0.0:2380")]
    [InlineData("server", "--election-timeout", "100", "--heartbeat-interval", "100")]
    [InlineData("server", "--cert-file", "x")]
    [InlineData("server", "--discovery", "x")]
    [InlineData("server", "--config-file", "/nowhere/at/all")]
    [InlineData("server", "--snapshot-count", "1")]
    [InlineData("server", "--strict-reconfig-check=false")]
    public async Task Bad_usage_ends_with_2(params string[] words)
    {
        using var cli = new Cli();
        var result = await cli.RunAsync(words);
        Assert.Equal(2, result.Code);
        Assert.Contains("next:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_node_on_the_same_directory_is_refused()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli, "--nodes", "1");
        var ready = (await cli.DoAsync("status", "--json")).Json.GetProperty("members")[0];
        Assert.Equal("leader", ready.GetProperty("role").GetString());
        var second = await cli.RunAsync(
            "server", "--name", "n1", "--data-dir", Path.Combine(dev.DataDirectory, "n1"), "--listen-peer-urls", "http://127.0.0.1:1111",
            "--listen-client-urls", "http://127.0.0.1:1112");
        Assert.Equal(1, second.Code);
        Assert.Contains("in use", second.Error, StringComparison.Ordinal);
    }

    private static async Task StopAsync(Cli cli, int holder)
    {
        await cli.RunAsync("dev", "stop");
        try
        {
            using var process = Process.GetProcessById(holder);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // It ended, as it should.
        }
    }
}
