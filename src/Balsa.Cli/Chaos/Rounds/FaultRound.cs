using System.Diagnostics;
using System.Net;
using Balsa.Cli.Chaos.Networks;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>One round: some peace, one fault, and everything well again.</summary>
/// <param name="networks">Whose cables can be cut; null when the nodes share the network of the machine.</param>
internal sealed class FaultRound(
    DevCluster cluster, NodeNetworks? networks, Workload workload, Random dice, long clockStart, CancellationToken stop)
{
    private const int PeaceMsMax = 400, DownMsMax = 600, ReadsOfDeposed = 4;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5), LongestAnswer = TimeSpan.FromSeconds(5);
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
            case ClusterFault.CutLeader: return await CutAsync(leader, CableOf(leader));
            case ClusterFault.CutFollower: return await CutAsync(follower, CableOf(follower));
            case ClusterFault.SilenceLeader: return await CutAsync(leader, WaysOf(leader, others));
            case ClusterFault.CutPair: return await CutAsync(follower, [.. WaysOf(leader, [follower]), .. WaysOf(follower, [leader])]);
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
        var outage = isMajority ? null : await WaitForWritesAsync(since, after);
        await Task.Delay(dice.Next(DownMsMax));
        await Task.WhenAll(nodes.Select(node => node.StartAsync()));
        return outage ?? await WaitForWritesAsync(since, after);
    }

    private async Task<double?> StopAsync(DevNode node)
    {
        var since = Now();
        if (node.Pid is { } pid) Signals.Terminate(pid);
        if (!await node.StopAsync(LongestStop))
            throw new ChaosException($"{node.Address.Name} did not stop within {LongestStop.TotalSeconds} s of SIGTERM");
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
            var reads = AskDeposedAsync(node);
            await Task.Delay(dice.Next(DownMsMax));
            Signals.Resume(pid);
            await reads;
            return outage;
        }
        finally
        {
            if (node.IsRunning) Signals.Resume(pid);
        }
    }

    /// <summary>Clients still reach the node, so they ask it what it must not answer while others may have gone on without it.</summary>
    private async Task<double?> CutAsync(DevNode node, IEnumerable<Action<NodeNetworks>> cuts)
    {
        if (networks is null) throw new ChaosException("there are no cables to cut");
        try
        {
            var since = Now();
            foreach (var cut in cuts) cut(networks);
            var outage = await WaitForWritesAsync(since, Now());
            var reads = AskDeposedAsync(node);
            await Task.Delay(dice.Next(DownMsMax));
            networks.Heal();
            await reads;
            return outage;
        }
        finally
        {
            networks.Heal();
        }
    }

    private IEnumerable<Action<NodeNetworks>> CableOf(DevNode node) => [networks => networks.CutOff(NumberOf(node))];

    private IEnumerable<Action<NodeNetworks>> WaysOf(DevNode from, IReadOnlyList<DevNode> to) =>
        to.Select(node => (Action<NodeNetworks>)(networks => networks.LoseWay(NumberOf(from), NumberOf(node))));

    private int NumberOf(DevNode node) => cluster.Nodes.TakeWhile(other => other != node).Count();

    private Task AskDeposedAsync(DevNode node) =>
        Task.WhenAll(Enumerable.Range(0, ReadsOfDeposed).Select(i => AskDeposedAsync(node.Address.Client, i)));

    private async Task AskDeposedAsync(IPEndPoint endpoint, int number)
    {
        // Its recording stays with the workload; the connection ends with it.
        var client = workload.NewClient($"waiting-{workload.Round}-{number}", [endpoint], LongestAnswer);
        // Every other question allows an earlier state: that it gets, and no other.
        await client.GetAsync($"hot/{workload.Round}/{number}", stale: number % 2 == 1, isNoted: workload.NotesStaleReads);
    }

    private async Task<double?> WaitForWritesAsync(long since, long after)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestOutage && !stop.IsCancellationRequested)
        {
            if (workload.UnavailableMs(since, after) is { } outage) return outage;
            await Task.Delay(5);
        }

        if (stop.IsCancellationRequested) return null;
        throw new ChaosException($"writes did not work again within {LongestOutage.TotalSeconds} s");
    }

    private long Now() => RecordingClient.Now(clockStart);
}
