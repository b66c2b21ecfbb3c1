using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// A short script on a small disk: after every single step the power is cut in every way there is, and each time the
/// directory must open and hold the truth.
/// </summary>
internal sealed class ExhaustiveRound(DrillBench bench, Dice dice)
{
    private const int OutcomesMax = 40, SamplesOfMany = 8, OutcomesOfARound = 700;

    private readonly EveryOutcome _every = new();
    private int _outcomes;

    internal void Run()
    {
        bench.Empty(dice, isSmall: true);
        var life = bench.NewLife(dice);
        if (!dice.Chance(200))
        {
            life.RunUntilOpen();
            life.Run(dice.Below(400));
        }
        for (var halfSteps = dice.Between(60, 160); halfSteps > 0 && _outcomes < OutcomesOfARound && !life.IsOver; halfSteps--)
        {
            life.Run(1);
            if (!bench.MustBeSound(life) || !TryEveryOutcome()) return;
        }
    }

    private bool TryEveryOutcome()
    {
        if (bench.Disk.CrashOutcomes(OutcomesMax + 1) > OutcomesMax)
        {
            for (var i = 0; i < SamplesOfMany; i++)
                if (!TryOutcome(i switch { 0 => Survival.Nothing, 1 => Survival.Everything, _ => Survival.AnySubset(dice) })) return false;
            return true;
        }
        _every.Reset();
        do
        {
            if (!TryOutcome(_every)) return false;
        }
        while (_every.MoveNext());
        return true;
    }

    private bool TryOutcome(ISurvival survival)
    {
        _outcomes++;
        bench.Report.CrashPoints++;
        bench.TwinDisk.CopyFrom(bench.Disk);
        bench.Twin.CopyFrom(bench.Subject);
        bench.TwinDisk.Crash(survival);
        var life = new Life(bench.TwinDisk, bench.Twin, dice.Fork(4));
        life.RunUntilOpen();
        return bench.MustBeSound(life);
    }
}
