using System.Diagnostics;
using System.Net;
using Balsa.Bench.Cluster;
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

    internal bool Holds => Ratio <= RatioAllowed;
}

/// <summary>A member that was away comes back while clients go on: how long it takes, and what the clients feel of it.</summary>
internal sealed class CatchUpRun(int rate, Action<string> say)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5), Watch = TimeSpan.FromSeconds(10);

    /// <summary>The member misses so many entries.</summary>
    internal Task<CatchUpResult> EntriesAsync(int entries) => RunAsync($"{entries:N0} entries behind", entries, 64, entries);

    /// <summary>The member has to get a snapshot of about so many bytes.</summary>
    internal Task<CatchUpResult> SnapshotAsync(int mebibytes) =>
        RunAsync($"a snapshot of {mebibytes:N0} MiB", mebibytes * 1024 / 12, 12 << 10, int.MaxValue);

    private async Task<CatchUpResult> RunAsync(string what, int puts, int valueBytes, int keys)
    {
        await using var cluster = new DevCluster(DevPlan.Make(3, null, null) with { SegmentBytes = 64 << 20 });
        await cluster.StartAsync();
        await cluster.WaitForLeaderAsync();
        var away = (await cluster.LookAsync()).Answers.Values.First(node => node.Role == "Follower").Name;
        var node = cluster.Nodes.First(one => one.Address.Name == away);
        await node.KillAsync();
        say($"{away} is away; writing {puts:N0} values of {valueBytes:N0} bytes ...");
        IPEndPoint[] others = [.. cluster.Nodes.Where(one => one != node).Select(one => one.Address.Client)];
        Fill(others, puts, valueBytes, keys);
        var before = Measure(others, () => false, Watch);
        var goal = (await cluster.WaitForLeaderAsync()).CommitIndex;
        var isBack = false;
        var during = Task.Run(() => Measure(others, () => Volatile.Read(ref isBack), Longest));
        var started = Stopwatch.GetTimestamp();
        await node.StartAsync();
        await WaitAsync(node.Address.Client, goal);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Volatile.Write(ref isBack, true);
        var felt = await during;
        var result = new CatchUpResult(
            what, seconds, before.Latencies.At(0.99).TotalMilliseconds, felt.Latencies.At(0.99).TotalMilliseconds, felt.Errors);
        say($"{what}: {seconds:F1} s, p99 of clients {result.P99Before:F1} ms before and {result.P99During:F1} ms during it");
        return result;
    }

    private static void Fill(IReadOnlyList<IPEndPoint> endpoints, int puts, int valueBytes, int keys)
    {
        LoadGenerator.Run(new LoadPlan
        {
            Kind = LoadKind.Put, Endpoints = endpoints, Connections = 4, Clients = valueBytes > 4096 ? 64 : 512, Total = puts,
            ValueBytes = valueBytes, Keys = keys,
        });
    }

    private LoadResult Measure(IReadOnlyList<IPEndPoint> endpoints, Func<bool> isOver, TimeSpan longest) => LoadGenerator.Run(new LoadPlan
    {
        Kind = LoadKind.Put, Endpoints = endpoints, Connections = 2, Clients = 2, Rate = rate, Total = (int)(rate * longest.TotalSeconds),
        IsOver = isOver,
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
}
