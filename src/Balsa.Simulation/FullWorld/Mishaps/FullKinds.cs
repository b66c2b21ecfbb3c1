using Balsa.Simulation.Faults;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Which kinds of fault the full world knows, and how they come about.</summary>
internal static class FullKinds
{
    internal static IReadOnlyList<FaultKind> All { get; } = Pick();

    /// <summary>At a drawn moment, and not by chance with each message or crash.</summary>
    internal static bool IsPlanned(FaultKind kind) => kind switch
    {
        FaultKind.PartitionHalves or FaultKind.IsolateOne or FaultKind.IsolateLeader or FaultKind.Bridge or FaultKind.Ring
            or FaultKind.OneWay or FaultKind.Clog or FaultKind.SwizzleClog or FaultKind.Unreachable => true,
        >= FaultKind.Crash and <= FaultKind.SlowNode => true,
        FaultKind.Rollback or FaultKind.Damage or FaultKind.SyncFails or FaultKind.DiskStall or FaultKind.Transfer => true,
        FaultKind.ForeignBytes or FaultKind.StepFails or FaultKind.DiskFull => true,
        _ => false,
    };

    /// <summary>Happens in every seed.</summary>
    internal static bool IsAlways(FaultKind kind) =>
        kind is (>= FaultKind.KeepsNothing and <= FaultKind.KeepsSubset) or FaultKind.ClientTimeout or FaultKind.ClockOrigin;

    /// <summary>The budget lets these happen once or twice a seed at most.</summary>
    internal static bool IsRare(FaultKind kind) => kind is FaultKind.Rollback or FaultKind.Damage;

    private static bool IsByChance(FaultKind kind) => kind switch
    {
        FaultKind.Delay or FaultKind.Loss or FaultKind.Duplicate or FaultKind.Reorder => true,
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
