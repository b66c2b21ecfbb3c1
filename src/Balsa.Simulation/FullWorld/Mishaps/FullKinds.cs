using Balsa.Simulation.Faults;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Which kinds of fault the full world knows, and how they come about.</summary>
internal static class FullKinds
{
    internal static IReadOnlyList<FaultKind> All { get; } = Pick();

    /// <summary>At a drawn moment, and not by chance with each message, parcel or crash.</summary>
    internal static bool IsPlanned(FaultKind kind) => kind switch
    {
        >= FaultKind.PartitionHalves and <= FaultKind.Unreachable => true,
        >= FaultKind.Crash and <= FaultKind.Rollback => true,
        >= FaultKind.SyncFails and <= FaultKind.TermLost => true,
        >= FaultKind.LeaderBlinks and <= FaultKind.LearnerCut => true,
        >= FaultKind.AddLearner and <= FaultKind.Resign or FaultKind.SnapshotTaken => true,
        FaultKind.ForeignBytes or FaultKind.StepFails or FaultKind.DiskFull => true,
        _ => false,
    };

    /// <summary>Happens in every seed.</summary>
    internal static bool IsAlways(FaultKind kind) =>
        kind is (>= FaultKind.KeepsNothing and <= FaultKind.KeepsSubset) or FaultKind.ClientTimeout or FaultKind.ClockOrigin;

    /// <summary>What these need, a harm that the budget permits or a transfer of a snapshot, happens a few times a seed at most.</summary>
    internal static bool IsRare(FaultKind kind) => kind is FaultKind.Wipe or FaultKind.Rollback or FaultKind.Damage
        or FaultKind.TermLost or FaultKind.ReAdd or (>= FaultKind.StreamBroken and <= FaultKind.StreamDelayed);

    /// <summary>
    /// All but one: an old message that comes again over another connection. Whatever a connection had under way ends with it,
    /// so only the core world, whose messages know no connections, can replay one.
    /// </summary>
    private static bool IsByChance(FaultKind kind) => kind switch
    {
        FaultKind.Delay or FaultKind.Loss or FaultKind.Duplicate or FaultKind.Reorder => true,
        FaultKind.StreamBroken or FaultKind.StreamRefused or FaultKind.StreamDelayed => true,
        FaultKind.FrameFlipped or FaultKind.FrameCut or FaultKind.ClockRate or FaultKind.Tenure => true,
        _ => IsAlways(kind),
    };

    private static List<FaultKind> Pick()
    {
        var picked = new List<FaultKind>();
        foreach (var kind in FaultNames.All)
            if (IsPlanned(kind) || IsByChance(kind)) picked.Add(kind);
        return picked;
    }
}
