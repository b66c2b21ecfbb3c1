using System.Diagnostics;
using System.Net;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests.Faults;

/// <summary>
/// Calls of a real node that fail, because strace makes them: the node says why, is gone at once, and has promised
/// nothing after it.
/// </summary>
[Collection(Alone.Name)]
public sealed class InjectionTests(ITestOutputHelper report)
{
    private const double MillisecondsMax = 100;

    /// <summary>A machine that is busy with something else may be late; a node that is slow to end is late each time.</summary>
    private const int Attempts = 3;

    private const string Rename = "rename,renameat,renameat2";
    private static readonly string[] Segments = [.. Enumerable.Range(1, 40).Select(i => $"wal/{i:x16}.wal")];

    private static IEnumerable<Injection> OfTheLog() =>
    [
        // The first calls are those of a start; they are counted for each thread, so a higher number is the log's own.
        new("fdatasync", "EIO", 5, 1, Segments), new("fdatasync", "EIO", 5, 5, Segments), new("fdatasync", "EIO", 5, 40, Segments),
        new("pwrite64", "EIO", 5, 6, Segments), new("pwrite64", "ENOSPC", 28, 9, Segments), new("pwrite64", "ENOSPC", 28, 41, Segments),
        // From one segment to the next: its name (strace matches no path of a rename), and the directory that holds the name.
        new(Rename, "EIO", 5, 2), new("fsync", "EIO", 5, 1, "wal"), new("fsync", "EIO", 5, 4, "wal"),
    ];

    [Fact]
    public async Task A_node_ends_at_the_first_call_of_the_log_that_fails_and_says_why()
    {
        Needs.Tracing();
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 1);
        var load = new Load(plan.Clients);
        await using (var first = plan.Start(1))
        {
            Assert.True(await first.IsReadyAsync());
            using var client = new ClusterClient(plan.Clients);
            await load.WriteAsync(client, 20, 20_000);
            await first.StopAsync();
        }

        foreach (var injection in OfTheLog())
        {
            var milliseconds = double.MaxValue;
            for (var attempt = 0; attempt < Attempts && milliseconds > MillisecondsMax; attempt++)
                milliseconds = await FailAsync(plan, load, injection);
            report.WriteLine($"{injection}: gone after {milliseconds:0.0} ms, {load.Acknowledged} writes acknowledged so far");
            Assert.True(milliseconds <= MillisecondsMax, $"{injection}: the node ended only {milliseconds:0} ms after the call");
        }

        await using var last = plan.Start(1);
        Assert.True(await last.IsReadyAsync());
        await load.AssertHeldAsync(plan.Clients, local: false);
    }

    /// <summary>Starts the node, which is the proof that it could after the failure before, and writes until it ends.</summary>
    private static async Task<double> FailAsync(ServerPlan plan, Load load, Injection injection)
    {
        await using var node = plan.Start(1, injection);
        if (await node.IsReadyAsync()) await load.WriteUntilAsync(() => node.HasEnded, limitMs: 1000);
        var (code, said) = await node.EndAsync();
        var trace = node.Trace();
        Assert.True(trace is not null, $"{injection} never happened; the node ended with {code} and said {said}");
        Assert.True(code == 1, $"{injection}: the node ended with {code} and said {said}");
        Assert.Contains($"error {injection.Number}", said, StringComparison.Ordinal);
        Assert.Contains(PathOf(trace.Call), said, StringComparison.Ordinal);
        // One client, one write at a time: a batch that failed was the one whose acknowledgement must never come. (The log
        // is also closed when nothing is written; the answer to the write before may still be on its way then.)
        if (said.Contains("Batch", StringComparison.Ordinal))
            Assert.True(load.LastAt < trace.InjectedAt, $"{injection}: a write was acknowledged after {trace.Call}");
        return trace.Milliseconds;
    }

    /// <summary>The file of a line such as <c>fdatasync(61&lt;/a/b&gt;)</c> or <c>rename("/a/b", "/a/c")</c>.</summary>
    private static string PathOf(string call)
    {
        var begin = call.IndexOf('/', StringComparison.Ordinal);
        return call[begin..call.IndexOfAny(['>', '"'], begin)];
    }

    [Fact]
    public async Task A_system_that_hides_failed_syncs_is_refused()
    {
        Needs.Tracing();
        using var cli = new Cli();
        await using var node = new ServerPlan(cli, 1).Start(1, new Injection("fdatasync", "", 0, 1));
        Assert.False(await node.IsReadyAsync());
        var (code, said) = await node.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("does not report when a sync fails", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_goes_on_without_the_member_whose_disk_fails_and_takes_it_back()
    {
        Needs.Tracing();
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3);
        var load = new Load(plan.Clients);
        await using var first = plan.Start(1);
        await using var second = plan.Start(2);
        (Injection Injection, bool Leads)[] failures =
        [
            (new("fdatasync", "EIO", 5, 25, Segments), false), (new("fdatasync", "EIO", 5, 60, Segments), true),
            (new("pwrite64", "ENOSPC", 28, 60, Segments), true),
        ];
        foreach (var (injection, leads) in failures)
        {
            await using var third = plan.Start(3, injection);
            Assert.True(await third.IsReadyAsync());
            if (leads) await LeadAsync(plan, 3);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => load.WriteUntilAsync(() => third.HasEnded, largeEvery: 40)));
            var (code, said) = await third.EndAsync();
            Assert.Equal(1, code);
            Assert.Contains($"error {injection.Number}", said, StringComparison.Ordinal);
            var milliseconds = third.Trace()!.Milliseconds;
            var before = load.Acknowledged;
            await load.WriteUntilAsync(() => load.Acknowledged >= before + 10, limitMs: 20_000);
            report.WriteLine($"{injection}{(leads ? " of the leader" : "")}: gone after {milliseconds:0.0} ms; {load.Acknowledged} writes");
            Assert.True(milliseconds <= 10 * MillisecondsMax, $"{injection}: gone only after {milliseconds:0} ms");
        }

        await using var again = plan.Start(3);
        Assert.True(await again.IsReadyAsync());
        await LevelAsync(plan, 3);
        await load.AssertHeldAsync([plan.Clients[2]], local: true);
        await load.AssertHeldAsync(plan.Clients, local: false);
    }

    internal static async Task LeadAsync(ServerPlan plan, ulong member)
    {
        await LevelAsync(plan, member);
        using var client = new ClusterClient(plan.Clients);
        var request = new ClientRequest { Op = ClientOperation.MoveLeader, Target = member };
        var moved = await client.AskAsync(request, TimeSpan.FromSeconds(20));
        Assert.True(moved?.Outcome == ClientOutcome.Done, $"member {member} does not lead: {moved?.Message}");
    }

    /// <summary>Waits until the member has applied what the others have, and is told so by a read that a majority confirms.</summary>
    internal static async Task LevelAsync(ServerPlan plan, ulong member)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var view = await ClusterView.LookAsync(plan.Clients, TimeSpan.FromSeconds(2));
            if (view.Leader is { } leader && view.Answers.GetValueOrDefault(member)?.AppliedIndex >= leader.CommitIndex) return;
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"member {member} did not become level");
        }
    }
}
