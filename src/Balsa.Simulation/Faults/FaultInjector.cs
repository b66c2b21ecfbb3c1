using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>Carries out planned faults on processes and disks; hands the others to who knows about them.</summary>
internal sealed class FaultInjector(World world)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private static readonly Action<SimulatedNode, Machine> s_shutDown = (_, machine) => machine.Shutdown();
    private static readonly Action<SimulatedNode, Machine> s_setAside = (_, machine) => machine.SetAside(true);
    private static readonly Action<SimulatedNode, Machine> s_takeBack = (_, machine) => machine.SetAside(false);
    private readonly NetworkFaults _network = new(world);
    private readonly DirectoryFaults _directories = new(world);
    private readonly Drills _drills = new(world);

    internal void Inject(in PlannedFault fault)
    {
        if (world.Timing.IsCalm) return;
        if (world.Trace.IsHeard) world.Trace.Line($"  fault {fault.Number}: {FaultNames.Of(fault.Kind)}");
        var dice = new Dice(fault.Draw);
        var hit = fault.Kind switch
        {
            <= FaultKind.Unreachable => _network.Inject(fault.Kind, dice),
            <= FaultKind.SlowNode => OnProcess(fault.Kind, dice),
            FaultKind.Wipe or FaultKind.Rollback or FaultKind.Damage or FaultKind.TermLost => _directories.Inject(fault.Kind, dice),
            FaultKind.SyncFails or FaultKind.DiskStall or FaultKind.SetAside => OnDisk(fault.Kind, dice),
            >= FaultKind.LeaderBlinks and <= FaultKind.LearnerCut => _drills.Inject(fault.Kind, dice),
            _ => world.Operators.Do(fault.Kind, dice),
        };
        // What happens later counts when it happens.
        if (hit && fault.Kind is not (FaultKind.CrashInRun or FaultKind.SyncFails or FaultKind.Rollback)) world.Faults.Hit(fault.Kind);
    }

    internal void OnLater(object subject) => _directories.TryRollBack((RollbackAttempt)subject);

    private bool OnProcess(FaultKind kind, Dice dice)
    {
        switch (kind)
        {
            case FaultKind.Crash: return ForSome(1, dice, node => world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause()));
            case FaultKind.CrashInRun: return ForSome(1, dice, node => node.EffectsUntilCrash = 1 + dice.Below(12));
            case FaultKind.CrashInStart: return ForSome(1, dice, node => CrashTwice(node, dice));
            case FaultKind.CrashMajority:
                return ForSome(world.Nodes.Count / 2 + 1, dice, node => world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause()));
            case FaultKind.CrashAll:
                return ForSome(WorldOptions.SlotsMax, dice, node => world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause()));
            case FaultKind.Shutdown: return ForSome(1, dice, ShutDown);
            case FaultKind.PauseOne: return ForSome(1, dice, node => Pause(node, dice));
            case FaultKind.PauseMany: return ForSome(2 + dice.Below(2), dice, node => Pause(node, dice));
            case FaultKind.PauseAll: return ForSome(WorldOptions.SlotsMax, dice, node => Pause(node, dice));
            default: return ForSome(1, dice, node => SlowDown(node, dice));
        }
    }

    private bool OnDisk(FaultKind kind, Dice dice) => kind switch
    {
        FaultKind.SyncFails => ForSome(1, dice, node => node.NextSyncFails = true),
        FaultKind.SetAside => ForSome(1 + dice.Below(2), dice, node => SetAside(node, dice)),
        _ => ForSome(1 + dice.Below(2), dice, node =>
            node.DiskStalledUntil = world.Now + dice.Between(300L, dice.Chance(100) ? 60_000L : 6_000L) * Millisecond),
    };

    private void SetAside(SimulatedNode node, Dice dice)
    {
        world.Queue.Add(world.Now, EventKind.Operate, node.Slot, node.Life, 0, 0, s_setAside);
        world.Queue.Add(
            world.Now + dice.Between(100L, 6_000L) * Millisecond, EventKind.Operate, node.Slot, node.Life, 0, 0, s_takeBack);
    }

    /// <summary>Live nodes from a random place on; half of the time the leader first, because there it hurts most.</summary>
    private bool ForSome(int count, Dice dice, Action<SimulatedNode> what)
    {
        var first = dice.Below(world.Nodes.Count);
        if (dice.Chance(500) && world.FindLeader() is { } leader) first = leader.Slot;
        var hit = false;
        for (var i = 0; i < world.Nodes.Count && count > 0; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (!node.IsUp) continue;
            what(node);
            hit = true;
            count--;
        }
        return hit;
    }

    private void CrashTwice(SimulatedNode node, Dice dice)
    {
        world.Lifecycle.Crash(node, world.Lifecycle.AnyRule());
        world.Lifecycle.Start(node);
        node.EffectsUntilCrash = 1 + dice.Below(3);
        if (dice.Chance(500)) world.Lifecycle.CrashAndRestart(node, dice.Below(200 * Millisecond));
    }

    private void ShutDown(SimulatedNode node) =>
        world.Queue.Add(world.Now, EventKind.Operate, node.Slot, node.Life, 0, 0, s_shutDown);

    private void Pause(SimulatedNode node, Dice dice)
    {
        var length = dice.Chance(200) ? dice.Between(5_000L, 60_000) : dice.Between(50L, 5_000);
        node.PausedUntil = Math.Max(node.PausedUntil, world.Now + length * Millisecond);
        world.Queue.Add(node.PausedUntil, EventKind.Resume, node.Slot, node.Life);
    }

    private void SlowDown(SimulatedNode node, Dice dice)
    {
        node.StepCost = dice.OneOf(1L, 5, 20) * Millisecond;
        world.Queue.Add(world.Now + dice.Between(500L, 5_000) * Millisecond, EventKind.SlowEnds, node.Slot);
    }
}
