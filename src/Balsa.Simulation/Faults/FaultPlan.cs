using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>Which mishap happens when: plain data, so that a failing run can be repeated without this one or that.</summary>
internal static class FaultPlan
{
    internal static List<PlannedFault> Draw(WorldOptions options, SimulationRequest request, Dice dice)
    {
        var kinds = new List<FaultKind>();
        foreach (var kind in FaultNames.All)
            for (var share = IsPlanned(kind) && options.WasDrawn(kind) ? SharesOf(kind) : 0; share > 0; share--) kinds.Add(kind);
        var plan = new List<PlannedFault>();
        if (kinds.Count == 0) return plan;
        var count = (dice.Between(30, 100) + 2 * kinds.Count) * options.DrawnSeconds / 70;
        for (var number = 0; number < count; number++)
        {
            var kind = kinds[dice.Below(kinds.Count)];
            var at = dice.Between(1_000L, options.DrawnSeconds * 1_000L) * TimeSpan.TicksPerMillisecond;
            var fault = new PlannedFault(number, kind, at, dice.Next());
            if (options.Has(kind) && !IsIn(number, request.Dropped)) plan.Add(fault);
        }
        return plan;
    }

    /// <summary>What needs many things to come together is tried more often.</summary>
    private static int SharesOf(FaultKind kind) => kind switch
    {
        FaultKind.Rollback => 80,
        FaultKind.ReAdd => 8,
        FaultKind.Promote => 6,
        FaultKind.JointCut or FaultKind.LearnerCut => 15,
        FaultKind.RemoveLeader or FaultKind.HandoverCut => 4,
        FaultKind.Demote or FaultKind.Remove => 3,
        FaultKind.Wipe or FaultKind.TermLost => 12,
        FaultKind.Damage => 12,
        FaultKind.AddLearner or FaultKind.AddVoter => 2,
        _ => 1,
    };

    private static bool IsIn(int number, IReadOnlyList<int> numbers)
    {
        foreach (var one in numbers)
            if (one == number) return true;
        return false;
    }

    private static bool IsPlanned(FaultKind kind) => kind switch
    {
        <= FaultKind.ClientTimeout => false,
        >= FaultKind.KeepsNothing and <= FaultKind.KeepsSubset => false,
        FaultKind.ClockRate or FaultKind.ClockOrigin or FaultKind.Tenure => false,
        >= FaultKind.SnapshotTaken => false,
        _ => true,
    };
}
