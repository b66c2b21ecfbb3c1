using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Disks.Faults;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Judges;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Disks that fail, stall, fill up, rot and go back in time; what destroys promises stays within the budget.</summary>
internal sealed class DiskMishaps(FullRun world, Dice dice)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const int TriesToRollBack = 15;

    internal bool Inject(FaultKind kind, Dice draw) => kind switch
    {
        FaultKind.DiskStall => world.Injector.ForSome(1 + draw.Below(2), draw, node => Stall(node, draw)),
        FaultKind.SyncFails => world.Injector.ForSome(1, draw, node => Fail(node, kind, IoSite.SyncBatch, 1)),
        FaultKind.StepFails => world.Injector.ForSome(1, draw, node => Fail(node, kind, IoSite.None, 1 + draw.Below(30))),
        FaultKind.DiskFull => world.Injector.ForSome(1, draw, node => FillUp(node, draw)),
        FaultKind.Damage => Damage(draw),
        _ => PlanRollback(draw),
    };

    private static void Stall(FullNode node, Dice draw) => node.Disk.Faults.Plan(new DiskFault
    {
        Kind = DiskFaultKind.Stall, Ticks = draw.Between(100L, draw.Chance(100) ? 10_000L : 2_000L) * Millisecond,
    });

    private static void Fail(FullNode node, FaultKind kind, IoSite site, long nth)
    {
        node.FailureToCome = kind;
        node.Disk.Faults.Plan(DiskFault.At(site, nth, DiskError.Io));
    }

    private void FillUp(FullNode node, Dice draw)
    {
        node.FailureToCome = FaultKind.DiskFull;
        node.Disk.Faults.CapacityBytes = node.Disk.Names.Bytes() + draw.Below(2 * world.Options.Wal.SegmentBytes);
        After(draw.Between(300L, 6_000) * Millisecond, () => node.Disk.Faults.CapacityBytes = long.MaxValue);
    }

    /// <summary>The power is cut, and what comes back is not what was written.</summary>
    private bool Damage(Dice draw)
    {
        if (PickVictim(draw) is not { } node) return false;
        world.Lifecycle.Crash(node, draw.Chance(500) ? CrashRule.KeepsNothing : CrashRule.KeepsSubset);
        var before = StartJudge.CopyOf(node.Truth.Durable);
        var corruptor = new Corruptor(node.Disk, draw);
        var damage = corruptor.Do(Corruptor.Kinds[draw.Below(Corruptor.Kinds.Count)]);
        world.Lifecycle.RestartAfter(node, draw.Below(2_000 * Millisecond));
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id}: {damage}");
        if (damage.IsNothing) return false;
        (node.Harm, node.Truth.BeforeHarm) = (Harm.Damaged, before);
        return true;
    }

    private bool PlanRollback(Dice draw)
    {
        if (PickVictim(draw) is not { } node) return false;
        world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        var image = new FaultyDisk();
        image.CopyFrom(node.Disk);
        var boots = node.Truth.Durable.Boots;
        world.Lifecycle.RestartAfter(node, draw.Between(1L, 300) * Millisecond);
        After(1_000 * Millisecond, () => node.StepsUntilCrash = world.IsCalm ? 0 : 1);
        After(3_000 * Millisecond, () => TryRollBack(node, image, boots, TriesToRollBack));
        return true;
    }

    /// <summary>Puts the image back if every other directory knows a later boot; otherwise nobody could notice it.</summary>
    private void TryRollBack(FullNode node, FaultyDisk image, ulong boots, int tries)
    {
        if (world.IsCalm || tries == 0 || node.State == NodeState.Gone || node.Harm != Harm.None || node.Truth.Durable.Boots < boots) return;
        if (!world.Budget.MayLose(node) || !EveryoneKnowsLater(node, boots + 1))
        {
            After(2_000 * Millisecond, () => TryRollBack(node, image, boots, tries - 1));
            return;
        }

        world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        node.Truth.BeforeHarm = StartJudge.CopyOf(node.Truth.Durable);
        node.Disk.CopyFrom(image);
        node.Harm = Harm.RolledBack;
        world.Faults.Hit(FaultKind.Rollback);
        world.Lifecycle.RestartAfter(node, 10 * Millisecond);
    }

    private bool EveryoneKnowsLater(FullNode node, ulong boot)
    {
        foreach (var other in world.Nodes)
        {
            if (other == node || other.State == NodeState.Gone) continue;
            if (other.Process?.Gateway is not { } gateway || gateway.HighestBoot(node.Id).Value <= boot) return false;
        }

        return true;
    }

    private FullNode? PickVictim(Dice draw)
    {
        var first = draw.Below(world.Nodes.Count);
        for (var i = 0; i < world.Nodes.Count; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node is { IsServing: true, Harm: Harm.None } && world.Budget.MayLose(node)) return node;
        }

        return null;
    }

    private void After(long ticks, Action what) =>
        world.Queue.Add(world.Now + ticks + dice.Below(10_000), EventKind.Mishap, 0, 0, 0, 0, what);
}
