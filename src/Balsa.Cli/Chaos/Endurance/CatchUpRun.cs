using System.Diagnostics;
using System.Net;
using Balsa.Bench.Cluster;
using Balsa.Cli.Chaos.Upkeep;
using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Chaos.Endurance;

/// <param name="Seconds">From the start of the process until it had applied what was committed when it started, and serves.</param>
/// <param name="P99Before">Of puts at a fixed rate, in milliseconds.</param>
/// <param name="P99During">The same, while the member caught up.</param>
internal sealed record CatchUpResult(string What, double Seconds, double P99Before, double P99During, long Errors)
{
    internal const double RatioAllowed = 3;

    internal double Ratio => P99During / P99Before;

    internal bool Holds => Ratio <= RatioAllowed && Errors == 0;
}

/// <summary>
/// A member that was away comes back, or a new one joins, while clients go on: how long it takes, and what the clients feel of it.
/// </summary>
internal sealed class CatchUpRun(int rate, Action<string> say)
{
    private const int Voters = 3, SmallBytes = 64, LargeBytes = 12 << 10;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5), Watch = TimeSpan.FromSeconds(10);

    /// <summary>A member misses so many entries.</summary>
    internal async Task<CatchUpResult> EntriesAsync(int entries)
    {
        await using var cluster = await StartAsync();
        var away = await KillFollowerAsync(cluster.Nodes);
        Fill(cluster.Nodes, away, entries, SmallBytes, entries);
        return await ReturnAsync(cluster.Nodes, away, $"{entries:N0} entries behind");
    }

    /// <summary>A member has to get a snapshot of about so many bytes, and then a new one, which joins.</summary>
    internal async Task<IReadOnlyList<CatchUpResult>> SnapshotsAsync(int mebibytes)
    {
        await using var cluster = await StartAsync();
        var away = await KillFollowerAsync(cluster.Nodes);
        Fill(cluster.Nodes, away, (int)((long)mebibytes * (1 << 20) / LargeBytes), LargeBytes, int.MaxValue);
        var back = await ReturnAsync(cluster.Nodes, away, $"a snapshot of {mebibytes:N0} MiB");
        var spare = cluster.Nodes.Nodes[^1];
        var joined = await MeasureAsync(cluster.Nodes, spare, $"a member that joins and needs {mebibytes:N0} MiB", async () =>
            await new Operator(cluster.Plan, cluster.Nodes).AddAsync(spare));
        return [back, joined];
    }

    private static async Task<Started> StartAsync()
    {
        var plan = DevPlan.Make(Voters + 1, null, null) with { SegmentBytes = 64 << 20, Spares = 1 };
        var started = new Started(plan, new DevCluster(plan));
        await started.Nodes.StartAsync();
        await started.Nodes.WaitForLeaderAsync();
        return started;
    }

    private static async Task<DevNode> KillFollowerAsync(DevCluster cluster)
    {
        var leader = (await cluster.WaitForLeaderAsync()).Name;
        var away = cluster.Nodes.First(node => node.IsRunning && node.Address.Name != leader);
        await away.KillAsync();
        return away;
    }

    private async Task<CatchUpResult> ReturnAsync(DevCluster cluster, DevNode node, string what)
    {
        var lookedAt = await cluster.WaitForLeaderAsync();
        say($"{node.Address.Name} comes back; the log of {lookedAt.Name} begins behind {lookedAt.LogBase:N0} of {lookedAt.LastIndex:N0}");
        return await MeasureAsync(cluster, node, what, async () =>
        {
            var goal = (await cluster.WaitForLeaderAsync()).CommitIndex;
            await node.StartAsync();
            await WaitAsync(node.Address.Client, goal);
        });
    }

    /// <summary>What clients of the other members feel before and while something is done.</summary>
    private async Task<CatchUpResult> MeasureAsync(DevCluster cluster, DevNode node, string what, Func<Task> act)
    {
        IPEndPoint[] others = [.. cluster.Nodes.Where(one => one != node && one.IsRunning).Select(one => one.Address.Client)];
        var before = Measure(others, () => false, Watch);
        var isOver = false;
        var measuring = Task.Factory.StartNew(
            () => Measure(others, () => Volatile.Read(ref isOver), Longest), default, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await act();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var during = await measuring;
        var result = new CatchUpResult(
            what, seconds, before.Latencies.At(0.99).TotalMilliseconds, during.Latencies.At(0.99).TotalMilliseconds,
            before.Errors + during.Errors);
        say($"{what}: {seconds:F1} s, p99 of clients {result.P99Before:F1} ms before and {result.P99During:F1} ms during it");
        return result;
    }

    private void Fill(DevCluster cluster, DevNode away, int puts, int valueBytes, int keys)
    {
        say($"{away.Address.Name} is away; writing {puts:N0} values of {valueBytes:N0} bytes ...");
        var result = LoadGenerator.Run(new LoadPlan
        {
            Kind = LoadKind.Put, Endpoints = [.. cluster.Nodes.Where(one => one.IsRunning).Select(one => one.Address.Client)],
            Connections = 4, Clients = valueBytes > 4096 ? 64 : 512, Total = puts, ValueBytes = valueBytes, Keys = keys,
        });
        say($"written in {result.Seconds:F0} s, {result.Errors} errors");
    }

    private LoadResult Measure(IReadOnlyList<IPEndPoint> endpoints, Func<bool> isOver, TimeSpan longest) => LoadGenerator.Run(new LoadPlan
    {
        Kind = LoadKind.Put, Endpoints = endpoints, Connections = 2, Clients = 256, Rate = rate,
        Total = (int)(rate * longest.TotalSeconds), IsOver = isOver,
    });

    private static async Task WaitAsync(IPEndPoint member, ulong goal)
    {
        using var client = new ClusterClient([member]);
        using var limit = new CancellationTokenSource(Longest);
        while (true)
        {
            var response = await client.AskOnceAsync(new ClientRequest { Op = ClientOperation.Status }, TimeSpan.FromSeconds(1));
            if (response?.Status is { } status && status.AppliedIndex >= goal) return;
            await Task.Delay(20, limit.Token);
        }
    }

    private sealed record Started(DevPlan Plan, DevCluster Nodes) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Nodes.DisposeAsync();
    }
}
