using Balsa.Simulation.Disks.Logs;
using Balsa.Simulation.Disks.Snapshots;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// Plays with storage on a faulty disk, round after round: one seed is one round. Reuses its buffers, so it belongs to one
/// thread; whoever wants two at a time takes two.
/// </summary>
public sealed class DiskDrill
{
    private readonly StorageMutant? _mutant;
    private readonly DrillBench _bench;
    private readonly Action<DrillBench, Dice> _playSnapshots;

    /// <param name="mutant">
    /// Null for the storage that ships; <see cref="StorageMutant.None"/> for the mutant build without a mistake.
    /// </param>
    public DiskDrill(StorageMutant? mutant = null)
    {
        _mutant = mutant;
        _bench = mutant is null ? Bench<NoStorageProbe>() : Bench<PlantedStorageProbe>();
        _playSnapshots = mutant is null ? SnapshotRound<NoStorageProbe>.Run : SnapshotRound<PlantedStorageProbe>.Run;
    }

    /// <summary>Every place of the code that must be made to fail.</summary>
    public static IReadOnlyList<IoSite> Sites { get; } = [.. LogSites.All, .. SnapshotSites.All];

    /// <summary>The sum of all rounds so far.</summary>
    public DiskDrillReport Report => _bench.Report;

    /// <summary>Receives a readable line for every step.</summary>
    public Action<string>? Listener
    {
        set => _bench.Listener = value;
    }

    /// <summary>Plays one round. What it found, or null.</summary>
    public DiskRoundFailure? Run(ulong seed)
    {
        if (_mutant is { } mutant) PlantedStorageProbe.Plant(mutant);
        var dice = new Dice(Mixing.Mix(seed, 0xD15C));
        _bench.BeginRound(seed, dice);
        var draw = dice.Below(1000);
        if (draw < 248) new CrashRound(_bench, dice).Run();
        else if (draw < 790) new DamageRound(_bench, dice).Run();
        else if (draw < 940) _playSnapshots(_bench, dice);
        else if (draw < 992) new SiteRound(_bench, dice).Run();
        else new ExhaustiveRound(_bench, dice).Run();
        return _bench.EndRound();
    }

    private static DrillBench Bench<TProbe>() where TProbe : struct, IStorageProbe =>
        new(new LogSubject<TProbe>(), new LogSubject<TProbe>());
}
