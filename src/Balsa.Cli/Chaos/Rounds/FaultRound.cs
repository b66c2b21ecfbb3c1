using System.Diagnostics;
using System.Net;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>One round: some peace, one fault, and everything well again.</summary>
internal sealed class FaultRound(DevCluster cluster, Workload workload, Random dice, long clockStart)
{
    private const int PeaceMsMax = 400, DownMsMax = 600, ReadsOfPaused = 4;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(30);

    /// <summary>How long no write went through, for a fault of the leader; null otherwise.</summary>
    /// <exception cref="ChaosException">Writes did not work again in time.</exception>
    internal async Task<double?> RunAsync(ClusterFault fault)
    {
        var leader = await FindLeaderAsync();
        var others = cluster.Nodes.Where(node => node != leader).ToList();
        var follower = others[dice.Next(others.Count)];
        workload.ForgetProbes();
        await Task.Delay(dice.Next(PeaceMsMax));
        switch (fault)
        {
            case ClusterFault.KillLeader: return await KillAsync([leader]);
            case ClusterFault.KillFollower: return await KillAsync([follower]);
            case ClusterFault.KillAll: return await KillAsync([.. cluster.Nodes]);
            case ClusterFault.PauseLeader: return await PauseAsync(leader);
            case ClusterFault.StopLeader: return await StopAsync(leader);
            default: return await StopAsync(follower);
        }
    }

    private async Task<DevNode> FindLeaderAsync()
    {
        var name = (await cluster.WaitForLeaderAsync()).Name;
        return cluster.Nodes.First(node => node.Address.Name == name);
    }

    private async Task<double?> KillAsync(IReadOnlyList<DevNode> nodes)
    {
        var since = Now();
        await Task.WhenAll(nodes.Select(node => node.KillAsync()));
        var after = Now();
        var isMajority = nodes.Count > cluster.Nodes.Count / 2;
        var outage = isMajority ? null : (double?)await WaitForWritesAsync(since, after);
        await Task.Delay(dice.Next(DownMsMax));
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        return outage ?? await WaitForWritesAsync(since, after);
    }

    private async Task<double?> StopAsync(DevNode node)
    {
        var since = Now();
        if (node.Pid is { } pid) Signals.Terminate(pid);
        await node.StopAsync(LongestStop);
        var outage = await WaitForWritesAsync(since, Now());
        await Task.Delay(dice.Next(DownMsMax));
        await node.StartAsync();
        return outage;
    }

    /// <summary>Questions wait at its door while it sleeps: it answers them first, and must not believe that it still leads.</summary>
    private async Task<double?> PauseAsync(DevNode node)
    {
        if (node.Pid is not { } pid) throw new ChaosException($"{node.Address.Name} ended by itself");
        Signals.Pause(pid);
        try
        {
            // It went on working while the signal was under way, so that time is no outage.
            var since = Now();
            var outage = await WaitForWritesAsync(since, since);
            var reads = Enumerable.Range(0, ReadsOfPaused).Select(i => AskPausedAsync(node.Address.Client, i)).ToList();
            await Task.Delay(dice.Next(DownMsMax));
            Signals.Resume(pid);
            await Task.WhenAll(reads);
            return outage;
        }
        finally
        {
            if (node.IsRunning) Signals.Resume(pid);
        }
    }

    private async Task AskPausedAsync(IPEndPoint endpoint, int number)
    {
        // Its recording stays with the workload; the connection ends with it.
        var client = workload.NewClient($"waiting-{workload.Round}-{number}", [endpoint], LongestStop);
        // Every other question allows an earlier state: that it gets, and no other.
        await client.GetAsync($"hot/{workload.Round}/{number}", stale: number % 2 == 1, isNoted: workload.NotesStaleReads);
    }

    private async Task<double> WaitForWritesAsync(long since, long after)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestOutage)
        {
            if (workload.UnavailableMs(since, after) is { } outage) return outage;
            await Task.Delay(5);
        }

        throw new ChaosException($"writes did not work again within {LongestOutage.TotalSeconds} s");
    }

    private long Now() => RecordingClient.Now(clockStart);
}
