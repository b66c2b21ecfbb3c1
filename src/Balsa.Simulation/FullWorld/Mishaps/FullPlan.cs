using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Which mishap happens when: plain data, so that a failing run can be repeated without this one or that.</summary>
internal static class FullPlan
{
    internal static List<PlannedFault> Draw(FullOptions options, SimulationRequest request, Dice dice)
    {
        var kinds = new List<FaultKind>();
        foreach (var kind in FullKinds.All)
            for (var share = FullKinds.IsPlanned(kind) && options.WasDrawn(kind) ? SharesOf(kind) : 0; share > 0; share--) kinds.Add(kind);
        var plan = new List<PlannedFault>();
        if (kinds.Count == 0) return plan;
        var count = (dice.OneOf(75, 140, 270) + kinds.Count) * options.DrawnSeconds / 70;
        for (var number = 0; number < count; number++)
        {
            var kind = kinds[dice.Below(kinds.Count)];
            var at = dice.Between(1_000L, options.DrawnSeconds * 1_000L) * TimeSpan.TicksPerMillisecond;
            var fault = new PlannedFault(number, kind, at, dice.Next());
            if (options.Has(kind) && !request.Dropped.Contains(number)) plan.Add(fault);
        }
        return plan;
    }

    /// <summary>What needs many things to come together is tried more often.</summary>
    private static int SharesOf(FaultKind kind) => kind switch
    {
        FaultKind.Rollback => 8,
        FaultKind.JointCut => 10,
        FaultKind.LearnerCut => 6,
        FaultKind.Demote or FaultKind.RemoveLeader => 5,
        FaultKind.SetAside or FaultKind.Promote or FaultKind.AddLearner => 3,
        FaultKind.IsolateLeader or FaultKind.StepFails or FaultKind.SyncFails or FaultKind.ConcurrentChange => 2,
        FaultKind.Damage or FaultKind.TermLost or FaultKind.Wipe or FaultKind.ReAdd or FaultKind.LeaderBlinks
            or FaultKind.HandoverCut or FaultKind.AddVoter or FaultKind.Remove => 2,
        _ => 1,
    };
}
