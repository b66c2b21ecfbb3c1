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
            if (IsPlanned(kind) && options.WasDrawn(kind)) kinds.Add(kind);
        var plan = new List<PlannedFault>();
        if (kinds.Count == 0) return plan;
        var count = dice.Between(8, 30) + 2 * kinds.Count;
        for (var number = 0; number < count; number++)
        {
            var kind = kinds[dice.Below(kinds.Count)];
            var fault = new PlannedFault(number, kind, dice.Between(1_000L, options.DrawnSeconds * 1_000L) * TimeSpan.TicksPerMillisecond, dice.Next());
            if (options.Has(kind) && !IsIn(number, request.Dropped)) plan.Add(fault);
        }
        return plan;
    }

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
