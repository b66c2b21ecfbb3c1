using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Nodes;

/// <summary>Starts, crashes and buries nodes.</summary>
internal sealed class Lifecycle(World world, Dice dice)
{
    private ulong _incarnations = 1000, _lives;

    internal void Start(SimulatedNode node)
    {
        if (node.State is NodeState.Up or NodeState.Gone) return;
        var image = node.Disk.Durable;
        node.Boot = ++image.Boots;
        node.Life = ++_lives;
        node.SyncNumber++;
        node.State = NodeState.Up;
        node.Log.CopyFrom(image.Log);
        (node.Applied, node.AppliedChain) = image.Snapshot.Id.Index > image.Log.Boundary.Index
            ? (image.Snapshot.Id.Index, image.Snapshot.Chain) : (image.Log.Boundary.Index, image.Log.BoundaryChain);
        world.Oracles.GoesBack.OnStart(node, image.Term);
        node.Memory.BeginBoot(image.Term, node.Applied, image.Log.Ruling);
        node.Snapshots.BeginBoot(node.Applied);
        node.Connections.BeginBoot();
        (node.PausedUntil, node.BusyUntil, node.TimerAt, node.DrainIsDue) = (0, 0, long.MaxValue, false);
        node.Waiting.Clear();
        node.Clock = NewClock();
        var options = world.Options.RaftOf(
            node.Id, node.Incarnation, new Boot(node.Boot),
            Mixing.Mix(world.Seed, Mixing.Mix((ulong)node.Slot, node.Boot + node.Incarnation.Value)));
        node.Machine = world.Maker.Make(options, image.Recover(), node.Clock.At(world.Now), node);
        if (world.Trace.IsHeard)
        {
            world.Trace.Line(
                $"    {node.Id} starts, boot {node.Boot}, {image.Mode}, log ends at {node.Log.Last}, snapshot {image.Snapshot.Id}");
        }

        world.Driver.Arm(node);
        world.Post.Greet(node);
    }

    internal void Crash(SimulatedNode node, CrashRule rule)
    {
        if (!node.IsUp) return;
        if (node.Disk.Unsynced > 0) world.Faults.Hit(KindOf(rule));
        Stop(node, NodeState.Down);
        node.Disk.Crash(rule, dice);
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} crashes ({rule}), on disk: {node.Disk.Durable.Log.Last}");
    }

    internal void CrashAndRestart(SimulatedNode node, long after)
    {
        if (!node.IsUp) return;
        Crash(node, AnyRule());
        // Restarted often enough, an old image would have as many boots as its peers know, and pass for the newest.
        if (node.Harm == Harm.RolledBack) Bury(node); else RestartAfter(node, after);
    }

    internal void RestartAfter(SimulatedNode node, long after) => 
        world.Queue.Add(world.Now + (world.Timing.IsCalm ? TimeSpan.TicksPerMillisecond : after), EventKind.Start, node.Slot);

    /// <summary>Never again: refused by its peers, removed by the cluster, or dead at the end of a run.</summary>
    internal void Bury(SimulatedNode node)
    {
        if (node.IsUp) Crash(node, CrashRule.KeepsEverything);
        node.State = NodeState.Gone;
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} is gone for good");
    }

    /// <summary>Stopped in order or by its own decision: everyone was answered.</summary>
    internal void OnStoppedItself(SimulatedNode node)
    {
        var why = node.Memory.StoppedBecause;
        if (why is StopReason.SecondLeaderInTerm or StopReason.ConflictingSnapshot or StopReason.UnknownFeatureLevel)
            world.Verdicts.Report($"invariant: {why}", $"{node.Id} stopped itself");
        world.Requests.CheckNoneOpen(node, $"stopped ({why})");
        CrashAndRestart(node, Pause());
    }

    internal void OnRepaired(SimulatedNode node)
    {
        if (node.Harm != Harm.Damaged) return;
        (node.Harm, node.BeforeHarm) = (Harm.None, null);
        node.Disk.Durable.Mode = RecoveryMode.Intact;
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id} is repaired");
    }

    /// <summary>A new directory that the cluster has accepted under its own name owes nothing to the one before.</summary>
    internal void OnMembersKnown(Configuration configuration)
    {
        foreach (var member in configuration.Members)
            if (world.Nodes[(int)member.Id.Value - 1] is { Harm: Harm.Wiped } node && node.Incarnation == member.Incarnation)
                (node.Harm, node.BeforeHarm) = (Harm.None, null);
    }

    /// <summary>An empty directory under the same id: another incarnation.</summary>
    internal void MakeNewDirectory(SimulatedNode node, Configuration configuration)
    {
        node.Incarnation = new Incarnation(++_incarnations);
        node.Disk = new SimulatedDisk(configuration);
        node.PromisedTerm = Term.Zero;
        node.Connections.Forget();
    }

    internal CrashRule AnyRule() => (CrashRule)dice.Below(5);

    /// <summary>Mostly at once, sometimes for so long that the others go on without it.</summary>
    internal long Pause() => dice.Chance(700)
        ? dice.Between(1L, 500) * TimeSpan.TicksPerMillisecond : dice.Between(500L, 15_000) * TimeSpan.TicksPerMillisecond;

    private void Stop(SimulatedNode node, NodeState state)
    {
        world.Requests.OnNodeDown(node);
        world.Streams.OnNodeDown(node);
        node.State = state;
        node.Machine = null;
        node.EffectsUntilCrash = 0;
        node.Waiting.Clear();
    }

    private NodeClock NewClock()
    {
        var drift = world.Options.Raft.ClockDriftPermille;
        var permille = 1000;
        if (world.Options.Has(FaultKind.ClockRate))
        {
            world.Faults.Hit(FaultKind.ClockRate);
            permille = dice.Chance(500) ? dice.OneOf(1000 - drift, 1000 + drift) : dice.Between(1000 - drift, 1000 + drift);
        }
        world.Faults.Hit(FaultKind.ClockOrigin);
        if (world.Options.Raft.LeaderTenureMax > TimeSpan.Zero) world.Faults.Hit(FaultKind.Tenure);
        return new NodeClock(dice.Below(1L << 50), world.Now, permille);
    }

    private static FaultKind KindOf(CrashRule rule) => FaultKind.KeepsNothing + (int)rule;
}
