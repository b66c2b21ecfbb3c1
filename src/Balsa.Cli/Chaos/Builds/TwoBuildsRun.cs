using System.Diagnostics;
using Balsa.Cli.Chaos.Rounds;
using Balsa.Cli.Dev;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Builds;

/// <summary>
/// Real processes of another build that are replaced by the present one, a member at a time, under load; and back again, as long
/// as the other build understands what the present one may have written.
/// </summary>
/// <param name="plan">Where the nodes are.</param>
/// <param name="seed">Decides the order, and who is killed and who stopped in good order.</param>
/// <param name="note">Progress.</param>
internal sealed class TwoBuildsRun(DevPlan plan, BuildOnDisk other, int seed, Action<string> note)
{
    private const int PeaceMsMax = 400;
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(30);
    private readonly long _clockStart = Stopwatch.GetTimestamp();
    private readonly Random _dice = new(seed);

    internal TwoBuildsReport Report { get; } = new();

    /// <summary>What all clients saw; empty until the run has ended.</summary>
    internal History History { get; private set; } = new([]);

    /// <summary>Once all members run the present build, the level may rise; the other build would stop at that entry.</summary>
    internal bool MayGoBack => other.FeatureLevel >= BuildOnDisk.Present.FeatureLevel;

    /// <exception cref="DevException">The cluster does not start.</exception>
    internal async Task RunAsync(int rounds, CancellationToken stop)
    {
        await using var cluster = new DevCluster(plan);
        foreach (var node in cluster.Nodes) node.Program = other.Command;
        await cluster.StartAsync();
        await cluster.WaitForLeaderAsync();
        await using var workload = new Workload(cluster.Endpoints, _clockStart, HarmKind.None);
        workload.Start(_dice);
        try
        {
            for (var round = 0; round < rounds && !stop.IsCancellationRequested; round++) await RoundAsync(cluster, workload, round);
            await workload.StopAsync();
            await cluster.WaitForLeaderAsync();
            await ReadBack.RunAsync(cluster, workload, Report.Campaign);
        }
        catch (Exception problem) when (problem is ChaosException or DevException)
        {
            Report.Campaign.Failure = problem.Message;
            await workload.StopAsync();
        }

        History = workload.History();
    }

    /// <summary>All members change their build; the next round changes them back, or begins with a member that goes back early.</summary>
    private async Task RoundAsync(DevCluster cluster, Workload workload, int round)
    {
        workload.Round = round;
        var nodes = cluster.Nodes.ToArray();
        _dice.Shuffle(nodes);
        var target = round % 2 == 0 || !MayGoBack ? BuildOnDisk.Present : other;
        // Only while others of the last build remain nobody can have raised the level.
        if (target == BuildOnDisk.Present && nodes.All(node => node.Program == other.Command))
        {
            await ChangeAsync(cluster, workload, nodes[0], BuildOnDisk.Present);
            await ChangeAsync(cluster, workload, nodes[0], other);
        }

        foreach (var node in nodes) await ChangeAsync(cluster, workload, node, target);
        Report.Campaign.Rounds++;
    }

    private async Task ChangeAsync(DevCluster cluster, Workload workload, DevNode node, BuildOnDisk build)
    {
        await Task.Delay(_dice.Next(PeaceMsMax));
        workload.ForgetProbes();
        var since = RecordingClient.Now(_clockStart);
        if (_dice.Next(2) == 0)
        {
            await node.KillAsync();
        }
        else
        {
            if (node.Pid is { } pid) Signals.Terminate(pid);
            await node.StopAsync(LongestStop);
        }

        node.Program = build.Command;
        await node.StartAsync();
        var outage = await WaitForWritesAsync(workload, since);
        Report.LongestOutageMs = Math.Max(Report.LongestOutageMs, outage);
        if (build == other) Report.Downgrades++;
        else Report.Upgrades++;
        var leader = await cluster.WaitForLeaderAsync();
        note($"{node.Address.Name} runs {build.Version}; {outage:F0} ms without a write; {leader.Name} leads");
    }

    private async Task<double> WaitForWritesAsync(Workload workload, long since)
    {
        var after = RecordingClient.Now(_clockStart);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestOutage)
        {
            if (workload.UnavailableMs(since, since) is { } outage && workload.UnavailableMs(since, after) is not null) return outage;
            await Task.Delay(5);
        }

        throw new ChaosException($"writes did not work again within {LongestOutage.TotalSeconds} s");
    }
}
