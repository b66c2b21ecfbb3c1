using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Carries out planned faults on processes, and hands the others to who knows about them.</summary>
internal sealed class MishapInjector(FullRun world, WireMishaps wires, Dice dice)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const int TriesToHit = 6;

    private readonly DiskMishaps _disks = new(world, dice.Fork(1));
    private readonly DirectoryMishaps _directories = new(world, dice.Fork(2));
    private readonly MemberDrills _drills = new(world, wires);

    /// <summary>What finds nothing to hit, such as no leader to ask, is tried again a little later.</summary>
    internal void Inject(in PlannedFault fault, int tries = TriesToHit)
    {
        if (world.IsCalm) return;
        if (world.Trace.IsHeard) world.Trace.Line($"  fault {fault.Number}: {FaultNames.Of(fault.Kind)}");
        var draw = new Dice(fault.Draw);
        if (Hits(fault.Kind, draw))
        {
            if (!CountsLater(fault.Kind)) world.Faults.Hit(fault.Kind);
        }
        else if (tries > 0)
        {
            var again = fault with { Draw = draw.Next() };
            After(draw.Between(200L, 1_500) * Millisecond, () => Inject(again, tries - 1));
        }
    }

    private bool Hits(FaultKind kind, Dice draw) => kind switch
    {
        <= FaultKind.Unreachable or FaultKind.ForeignBytes => wires.Inject(kind, draw),
        <= FaultKind.SlowNode => OnProcess(kind, draw),
        FaultKind.Wipe or FaultKind.Rollback or FaultKind.Damage or FaultKind.TermLost => _directories.Inject(kind, draw),
        FaultKind.SyncFails or FaultKind.DiskStall or FaultKind.SetAside => _disks.Inject(kind, draw),
        FaultKind.StepFails or FaultKind.DiskFull => _disks.Inject(kind, draw),
        >= FaultKind.LeaderBlinks and <= FaultKind.LearnerCut => _drills.Inject(kind, draw),
        _ => world.Operators.Do(kind, draw),
    };

    /// <summary>What happens later counts when it happens.</summary>
    private static bool CountsLater(FaultKind kind) => kind is FaultKind.CrashInRun or FaultKind.SyncFails or FaultKind.StepFails
        or FaultKind.Rollback or FaultKind.TermLost or FaultKind.SetAside;

    /// <summary>Live nodes from a random place on; half of the time the leader first, because there it hurts most.</summary>
    internal bool ForSome(int count, Dice draw, Action<FullNode> what)
    {
        var first = draw.Below(world.Nodes.Count);
        if (draw.Chance(500) && world.FindLeader() is { } leader) first = leader.Slot;
        var hit = false;
        for (var i = 0; i < world.Nodes.Count && count > 0; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node.Process is null) continue;
            what(node);
            hit = true;
            count--;
        }

        return hit;
    }

    private bool OnProcess(FaultKind kind, Dice draw)
    {
        var all = world.Nodes.Count;
        return kind switch
        {
            FaultKind.Crash => ForSome(1, draw, Crash),
            FaultKind.CrashInRun => ForSome(1, draw, node => node.StepsUntilCrash = 1 + draw.Below(40)),
            FaultKind.CrashInStart => ForSome(1, draw, node => CrashTwice(node, draw)),
            FaultKind.CrashMajority => ForSome(all / 2 + 1, draw, Crash),
            FaultKind.CrashAll => ForSome(all, draw, Crash),
            FaultKind.Shutdown => ForSome(1, draw, world.Lifecycle.ShutDown),
            FaultKind.PauseOne => ForSome(1, draw, node => Pause(node, draw)),
            FaultKind.PauseMany => ForSome(2, draw, node => Pause(node, draw)),
            FaultKind.PauseAll => ForSome(all, draw, node => Pause(node, draw)),
            _ => ForSome(1, draw, node => SlowDown(node, draw)),
        };
    }

    private void Crash(FullNode node) => world.Lifecycle.CrashAndRestart(node, world.Lifecycle.Pause());

    /// <summary>The second time while it opens its directory.</summary>
    private void CrashTwice(FullNode node, Dice draw)
    {
        world.Lifecycle.Crash(node, world.Lifecycle.AnyRule());
        world.Lifecycle.Start(node);
        node.StepsUntilCrash = 1 + draw.Below(30);
    }

    private void Pause(FullNode node, Dice draw)
    {
        var length = draw.Chance(150) ? draw.Between(2_000L, 10_000) : draw.Between(50L, 2_000);
        node.PausedUntil = Math.Max(node.PausedUntil, world.Now + length * Millisecond);
        world.Queue.Add(node.PausedUntil, EventKind.Resume, node.Slot, node.Life);
    }

    private void SlowDown(FullNode node, Dice draw)
    {
        node.TurnCost = draw.OneOf(1L, 5, 20) * Millisecond;
        var life = node.Life;
        After(draw.Between(500L, 5_000) * Millisecond, () => node.TurnCost = node.Life == life ? 0 : node.TurnCost);
    }

    private void After(long ticks, Action what) => world.Queue.Add(world.Now + ticks, EventKind.Mishap, 0, 0, 0, 0, what);
}
