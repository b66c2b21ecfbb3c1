using System.Diagnostics;
using System.Net;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests;

/// <summary>One byte of what was acknowledged is wrong on a disk: the others make it good, or, without others, nobody pretends.</summary>
public sealed class DamageTests
{
    private const int Keys = 10;

    [Fact]
    public async Task A_member_with_a_damaged_log_is_repaired_by_the_others()
    {
        using var cli = new Cli();
        var data = Path.Combine(cli.Folder, "data");
        await using var dev = await DevRun.StartAsync(cli, "--data-dir", data);
        await PutAsync(dev);
        await dev.WaitUntilHealthyAsync();
        await cli.DoAsync("fault", "kill", "n2");
        await cli.DoAsync("put", "meanwhile", "written", "--timeout", "20s");
        Damage(Path.Combine(data, "n2"), ValueOf(Keys / 2));
        var log = new NodeLog(Path.Combine(data, "n2.log"));
        await cli.DoAsync("fault", "restart", "n2");
        await log.WaitForAsync("the log is damaged: ");
        await log.WaitForAsync("are missing and are fetched from the others");
        await log.WaitForAsync("the log is complete again");
        var healthy = await dev.WaitUntilHealthyAsync();
        // What it has is its own again, and whole: it is asked alone.
        var own = healthy.GetProperty("members").EnumerateArray().Single(member => member.GetProperty("name").GetString() == "n2")
            .GetProperty("client").GetString()!;
        await AssertHoldsAsync(own);

        log.Skip();
        await cli.DoAsync("fault", "kill", "n2");
        await cli.DoAsync("fault", "restart", "n2");
        await dev.WaitUntilHealthyAsync();
        await AssertHoldsAsync(own);
        var said = log.Read();
        Assert.DoesNotContain("damaged", said, StringComparison.Ordinal);
        Assert.DoesNotContain("missing", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_others_a_damaged_log_is_refused_and_the_way_out_is_named()
    {
        using var cli = new Cli();
        var data = Path.Combine(cli.Folder, "data");
        await using (var dev = await DevRun.StartAsync(cli, "--nodes", "1", "--data-dir", data))
        {
            await PutAsync(dev);
        }

        Damage(Path.Combine(data, "n1"), ValueOf(Keys / 2));
        var refused = await cli.RunAsync("dev", "--headless", "--nodes", "1", "--data-dir", data);
        Assert.Equal(1, refused.Code);
        Assert.Contains("is damaged at byte", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"`balsa doctor data {Path.Combine(data, "n1")} --accept-loss`", refused.Error, StringComparison.Ordinal);
    }

    private static string ValueOf(int i) => $"the value of key {i}, which was acknowledged";

    private static async Task PutAsync(DevRun dev)
    {
        using var client = new ClusterClient([.. dev.Endpoints.Split(',').Select(IPEndPoint.Parse)]);
        for (var i = 0; i < Keys; i++)
        {
            var request = new ClientRequest { Op = ClientOperation.Put, Key = KeyOf(i), Value = Encoding.UTF8.GetBytes(ValueOf(i)) };
            Assert.Equal(ClientOutcome.Done, (await client.AskAsync(request, TimeSpan.FromSeconds(20)))?.Outcome);
        }
    }

    private static byte[] KeyOf(int i) => Encoding.UTF8.GetBytes($"key-{i}");

    private static async Task AssertHoldsAsync(string endpoint)
    {
        using var client = new ClusterClient([IPEndPoint.Parse(endpoint)]);
        for (var i = 0; i < Keys; i++) Assert.Equal(ValueOf(i), await ReadAsync(client, KeyOf(i)));
        Assert.Equal("written", await ReadAsync(client, "meanwhile"u8.ToArray()));
    }

    private static async Task<string?> ReadAsync(ClusterClient client, byte[] key)
    {
        var request = new ClientRequest { Op = ClientOperation.Get, Key = key, Local = true };
        var response = await client.AskAsync(request, TimeSpan.FromSeconds(20));
        return response?.Values is [{ Value: { } found }] ? Encoding.UTF8.GetString(found) : null;
    }

    /// <summary>Turns one bit of the value where it stands in the log.</summary>
    private static void Damage(string directory, string value)
    {
        var wanted = Encoding.UTF8.GetBytes(value);
        foreach (var path in Directory.EnumerateFiles(Path.Combine(directory, "wal"), "*.wal"))
        {
            using var file = new FileStream(path, FileMode.Open);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            var at = bytes.AsSpan().IndexOf(wanted);
            if (at < 0) continue;
            file.Position = at + wanted.Length / 2;
            file.WriteByte((byte)(bytes[at + wanted.Length / 2] ^ 1));
            return;
        }

        Assert.Fail($"\"{value}\" is not in the log of {directory}");
    }

    /// <summary>What a node has told the operator.</summary>
    private sealed class NodeLog(string path)
    {
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
        private long _skipped = new FileInfo(path).Length;

        /// <summary>What it said until now does not count any more.</summary>
        internal void Skip() => _skipped = new FileInfo(path).Length;

        internal string Read()
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = _skipped;
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }

        internal async Task WaitForAsync(string wanted)
        {
            var started = Stopwatch.GetTimestamp();
            while (!Read().Contains(wanted, StringComparison.Ordinal))
            {
                Assert.True(Stopwatch.GetElapsedTime(started) < Longest, $"the node has not said \"{wanted}\" but: {Read()}");
                await Task.Delay(20);
            }
        }
    }
}
