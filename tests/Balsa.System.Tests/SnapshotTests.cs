using Balsa.Cli.Clients;
using Balsa.Server.Protocol;
using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests;

/// <summary>Real nodes that make snapshots, cut their logs, and bring a member up to date that was away for too long.</summary>
[Collection(Alone.Name)]
public sealed class SnapshotTests(ITestOutputHelper report)
{
    private const int Writers = 64;

    [Fact]
    public async Task A_member_that_was_away_for_too_long_is_brought_up_to_date_by_a_snapshot_and_all_restart_from_theirs()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3) { MoreFlags = ["--snapshot-count", "500"] };
        var load = new Load(plan.Clients);
        await using var first = plan.Start(1);
        await using var second = plan.Start(2);
        await using (var third = plan.Start(3))
        {
            Assert.True(await third.IsReadyAsync());
            await WriteAsync(load, 1000);
            await third.KillAsync();
        }

        // More than a leader keeps for members that were away for a moment.
        await WriteAsync(load, 6000);
        await using var again = plan.Start(3);
        Assert.True(await again.IsReadyAsync());
        await WaitAsync(plan, 3, (ulong)load.Acknowledged);
        await load.AssertHeldAsync([plan.Clients[2]], local: true);

        var said = await Task.WhenAll(first.KillAsync(), second.KillAsync(), again.KillAsync());
        report.WriteLine(said[2]);
        Assert.Contains("takes the place of the log", said[2], StringComparison.Ordinal);
        foreach (var node in new[] { 1, 2, 3 })
        {
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(plan.DirectoryOf(node), "snapshots"), "*.snapshot"));
            Assert.InRange(Directory.GetFiles(Path.Combine(plan.DirectoryOf(node), "snapshots")).Length, 1, 3);
        }

        await using var one = plan.Start(1);
        await using var two = plan.Start(2);
        await using var three = plan.Start(3);
        Assert.True(await one.IsReadyAsync() && await two.IsReadyAsync() && await three.IsReadyAsync());
        await load.AssertHeldAsync(plan.Clients, local: false);
        await WriteAsync(load, 100);
        await load.AssertHeldAsync([plan.Clients[0]], local: false);
    }

    private static async Task WriteAsync(Load load, int count)
    {
        var goal = load.Acknowledged + count;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ =>
            load.WriteUntilAsync(() => load.Acknowledged >= goal, largeEvery: int.MaxValue, limitMs: 10_000)));
    }

    private static async Task WaitAsync(ServerPlan plan, int node, ulong applied)
    {
        using var client = new ClusterClient([plan.Clients[node - 1]]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var request = new ClientRequest { Op = ClientOperation.Status };
        while ((await client.AskAsync(request, TimeSpan.FromSeconds(5)))?.Status?.AppliedIndex < applied)
            await Task.Delay(20, limit.Token);
    }
}
