using System.Collections.Concurrent;

namespace Balsa.System.Tests;

public sealed class FailoverTests
{
    [Fact]
    public async Task No_acknowledged_write_is_lost_when_the_leader_is_killed()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli);
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await PutAsync(cli, acknowledged, "before", 3);
        var writing = PutAsync(cli, acknowledged, "during", 12);
        var killed = await dev.KillLeaderAsync();
        await writing;
        await PutAsync(cli, acknowledged, "after", 3);
        // An election may be under way at any one moment.
        var degraded = await dev.WaitForAsync("degraded", found => found.GetProperty("health").GetString() == "degraded");
        Assert.NotEqual(killed, degraded.GetProperty("leader").GetString());
        await AssertHoldsAsync(cli, acknowledged);

        await cli.DoAsync("fault", "restart", killed);
        await dev.WaitUntilHealthyAsync();
        // The one that was down answers from its own state now.
        await AssertHoldsAsync(cli, acknowledged);
        Assert.True(acknowledged.Count >= 6);
    }

    [Fact]
    [Row("S0-23", "M3-20")]
    public async Task Every_acknowledged_write_is_there_after_all_nodes_were_killed()
    {
        using var cli = new Cli();
        var data = Path.Combine(cli.Folder, "data");
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using (var first = await DevRun.StartAsync(cli, "--data-dir", data))
        {
            await PutAsync(cli, acknowledged, "key", 6);
            foreach (var name in new[] { "n1", "n2", "n3" }) await cli.DoAsync("fault", "kill", name);
            Assert.True(await DevRun.AllEndedAsync(first.NodePids));
            Assert.Equal(6, (await cli.RunAsync("get", "key-0")).Code);
        }

        Assert.Equal(6, acknowledged.Count);
        await using var second = await DevRun.StartAsync(cli, "--data-dir", data);
        await AssertHoldsAsync(cli, acknowledged);
        Assert.All((await second.StatusAsync()).GetProperty("members").EnumerateArray().ToArray(), member =>
            Assert.Equal(2UL, member.GetProperty("boot").GetUInt64()));
        await cli.DoAsync("del", "key-0");
        Assert.Equal(3, (await cli.RunAsync("get", "key-0")).Code);
        Assert.Equal(3, (await cli.RunAsync("del", "key-0")).Code);
    }

    [Fact]
    public async Task Without_a_majority_nothing_is_done_and_that_is_said()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli);
        await cli.DoAsync("put", "a", "1");
        await cli.DoAsync("fault", "kill", "n1");
        await cli.DoAsync("fault", "kill", "n2");
        var get = await cli.RunAsync("get", "a", "--timeout", "1s", "--json");
        Assert.Equal(4, get.Code);
        Assert.Equal("not-done", get.Json.GetProperty("error").GetProperty("outcome").GetString());
        // What was appended and not committed may still be: never "failed".
        var put = await cli.RunAsync("put", "a", "2", "--timeout", "1s", "--json");
        Assert.Equal(4, put.Code);
        Assert.Contains(put.Json.GetProperty("error").GetProperty("outcome").GetString(), new[] { "not-done", "unknown" });
        Assert.Equal("1", (await cli.DoAsync("get", "a", "--stale")).Out.Trim());
        Assert.Equal(4, (await cli.RunAsync("status", "--check")).Code);
        await cli.DoAsync("fault", "restart", "n1");
        await cli.DoAsync("put", "a", "3");
        Assert.Equal("3", (await cli.DoAsync("get", "a")).Out.Trim());
    }

    [Fact]
    public async Task Leadership_moves_where_it_is_told_to()
    {
        using var cli = new Cli();
        await using var dev = await DevRun.StartAsync(cli);
        var target = "";
        for (var (moved, attempts) = (1, 3); moved != 0; attempts--)
        {
            // On a busy machine the target may have been elected between the question and the order.
            Assert.True(attempts > 0, "leadership could not be moved");
            var status = await dev.WaitUntilHealthyAsync();
            target = status.GetProperty("leader").GetString() == "n1" ? "n2" : "n1";
            moved = (await cli.RunAsync("leader", "move", target)).Code;
        }

        await dev.WaitForAsync($"led by {target}", found => found.GetProperty("leader").GetString() == target);
        Assert.Equal(2, (await cli.RunAsync("leader", "move", "n9")).Code);
    }

    /// <summary>Three writers at once; what was answered with success is remembered, what was not is not.</summary>
    private static Task PutAsync(Cli cli, ConcurrentDictionary<string, string> acknowledged, string name, int count) => Task.WhenAll(
        Enumerable.Range(0, 3).Select(async writer =>
        {
            for (var i = writer; i < count; i += 3)
            {
                var put = await cli.RunAsync("put", $"{name}-{i}", $"{name} value {i}", "--timeout", "20s");
                if (put.Code == 0) acknowledged[$"{name}-{i}"] = $"{name} value {i}";
                else Assert.Contains("unknown", put.Error, StringComparison.Ordinal);
            }
        }));

    private static async Task AssertHoldsAsync(Cli cli, IReadOnlyDictionary<string, string> acknowledged)
    {
        var listed = (await cli.DoAsync("ls", "--json")).Json.GetProperty("items").EnumerateArray().Select(item =>
            item.GetProperty("key").GetString()).ToHashSet();
        foreach (var (key, value) in acknowledged)
        {
            Assert.Contains(key, listed);
            Assert.Equal(value, (await cli.DoAsync("get", key)).Out.Trim());
        }
    }
}
