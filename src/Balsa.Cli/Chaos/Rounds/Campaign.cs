using System.Diagnostics;
using Balsa.Cli.Chaos.Networks;
using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>
/// Real nodes, clients that note everything, and a fault a round. At the end every acknowledged write is read back, and what
/// all clients saw is judged.
/// </summary>
/// <param name="plan">Where the nodes are.</param>
/// <param name="networks">The networks that they are in; null when they share that of the machine, and no cable can be cut.</param>
/// <param name="seed">Decides the faults and their moments, though not what the machine does meanwhile.</param>
/// <param name="note">Progress.</param>
/// <param name="harm">A mistake that is planted.</param>
internal sealed class Campaign(DevPlan plan, NodeNetworks? networks, int seed, Action<string> note, HarmKind harm = HarmKind.None)
{
    private readonly long _clockStart = Stopwatch.GetTimestamp();
    private readonly Random _dice = new(seed);
    private ClusterFault[] _order = [];

    internal CampaignReport Report { get; } = new();

    /// <summary>No other kind of fault; null for all.</summary>
    internal ClusterFault? Only { get; init; }

    /// <summary>What all clients saw; empty until the campaign has ended.</summary>
    internal History History { get; private set; } = new([]);

    /// <summary>Faults that need networks of their own.</summary>
    internal static IReadOnlyList<ClusterFault> Cuts { get; } =
        [ClusterFault.CutLeader, ClusterFault.CutFollower, ClusterFault.SilenceLeader, ClusterFault.CutPair];

    /// <exception cref="DevException">The cluster does not start.</exception>
    internal async Task RunAsync(int rounds, TimeSpan? longest, CancellationToken stop)
    {
        var load = MachineLoad.Begin();
        await BesetAsync(rounds, longest, stop);
        Report.OthersShare = load?.OthersShare();
    }

    private async Task BesetAsync(int rounds, TimeSpan? longest, CancellationToken stop)
    {
        await using var cluster = new DevCluster(plan);
        await cluster.StartAsync();
        await cluster.WaitForLeaderAsync();
        await using var workload = new Workload(cluster.Endpoints, _clockStart, harm);
        workload.Start(_dice);
        try
        {
            bool IsOver() => stop.IsCancellationRequested || Stopwatch.GetElapsedTime(_clockStart) >= longest;
            await DisturbAsync(() => Report.Rounds < rounds && !IsOver(), cluster, workload, stop);
            await workload.StopAsync();
            await ReadBackAsync(cluster, workload);
        }
        catch (Exception problem) when (problem is ChaosException or DevException)
        {
            Report.Failure = problem.Message;
            await workload.StopAsync();
        }

        History = workload.History();
    }

    private async Task DisturbAsync(Func<bool> goesOn, DevCluster cluster, Workload workload, CancellationToken stop)
    {
        try
        {
            while (goesOn()) await RoundAsync(cluster, workload, stop);
        }
        catch (Exception problem) when (problem is ChaosException or DevException && stop.IsCancellationRequested)
        {
            note($"interrupted in a round: {problem.Message}");
        }

        // Whoever interrupts us at a terminal interrupts the nodes as well; what they acknowledged is on their disks.
        if (stop.IsCancellationRequested) await cluster.RestartAsync();
    }

    /// <summary>Faults come in a drawn order, all kinds before one comes again; the death of a leader is what most depends on.</summary>
    private async Task RoundAsync(DevCluster cluster, Workload workload, CancellationToken stop)
    {
        var possible = Enum.GetValues<ClusterFault>().Where(kind => networks is not null || !Cuts.Contains(kind));
        ClusterFault[] kinds = Only is { } only ? [only] : [.. possible, ClusterFault.KillLeader, ClusterFault.KillLeader];
        var turn = Report.Rounds % kinds.Length;
        if (turn == 0) _dice.Shuffle(_order = kinds);
        var fault = _order[turn];
        workload.Round = Report.Rounds;
        var outage = await new FaultRound(cluster, networks, workload, _dice, _clockStart, stop).RunAsync(fault);
        if (outage is null) return;
        Report.Count(fault, outage.Value);
        note($"round {Report.Rounds}: {fault}, {outage:F0} ms without a write");
    }

    private async Task ReadBackAsync(DevCluster cluster, Workload workload)
    {
        await cluster.WaitForLeaderAsync();
        using (var client = new ClusterClient(cluster.Endpoints))
            await PlantedHarm.DoAsync(harm, client, workload.Keys.AnyAcknowledged, workload.Ledger.AnyList);
        await ReadBack.RunAsync(cluster, workload, Report);
    }
}
