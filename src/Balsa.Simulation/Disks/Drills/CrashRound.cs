using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>
/// Several lives one after the other, each ended at any point, also while it opens. The disk is honest, so every one must
/// open, hold what was acknowledged, hold nothing else, and say that all is well.
/// </summary>
internal sealed class CrashRound(DrillBench bench, Dice dice)
{
    internal void Run()
    {
        for (var lives = dice.Between(2, 5); lives > 0; lives--)
        {
            if (dice.Chance(60)) PlanStall();
            var life = bench.NewLife(dice);
            Live(life);
            if (!bench.MustBeSound(life)) return;
            bench.Die(life, dice);
            if (!bench.MustBeSound(life)) return;
            bench.Disk.Faults.Heal();
        }
        End();
    }

    private void Live(Life life)
    {
        var span = DrillBench.LifeSpan(dice);
        if (!dice.Chance(80))
        {
            life.Run(span);
            return;
        }
        life.RunUntilOpen();
        // Room runs out, and comes back or not before the end.
        bench.Disk.Faults.CapacityBytes = bench.Disk.Names.Bytes() + dice.Below(12_000);
        life.Run(span);
        if (dice.Chance(300)) return;
        bench.Disk.Faults.Heal();
        life.Run(dice.Below(400));
    }

    private void PlanStall() => bench.Disk.Faults.Plan(new DiskFault
    {
        Kind = DiskFaultKind.Stall, Nth = dice.Between(1, 200), Ticks = dice.Between(1, 60) * TimeSpan.TicksPerSecond,
    });

    /// <summary>The last one opens, works, and stops as it should; then all that it wrote is durable.</summary>
    private void End()
    {
        var life = bench.NewLife(dice);
        life.RunUntilOpen();
        life.Run(dice.Below(100));
        life.Settle();
        life.Stop();
        if (!bench.MustBeSound(life)) return;
        bench.Disk.Crash(Survival.Nothing);
        life = bench.NewLife(dice);
        life.RunUntilOpen();
        if (bench.MustBeSound(life) && !life.IsOpen) bench.Fail(DiskFinding.Broken, "it neither opened nor refused");
    }
}
