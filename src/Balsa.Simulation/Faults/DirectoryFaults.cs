using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>Takes from directories what they had promised to keep, within the budget.</summary>
internal sealed class DirectoryFaults(World world)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    internal bool Inject(FaultKind kind, Dice dice)
    {
        if (PickVictim(dice) is not { } node) return false;
        if (kind == FaultKind.Rollback)
        {
            PlanRollback(node);
            return true;
        }
        world.Lifecycle.Crash(node, world.Lifecycle.AnyRule());
        if (kind == FaultKind.Damage && node.Disk.Durable.Log.Last == node.Disk.Durable.Log.Boundary)
        {
            // The crash has left nothing that could be damaged.
            world.Lifecycle.RestartAfter(node, dice.Below(2_000 * Millisecond));
            return false;
        }
        node.BeforeHarm = CopyOf(node.Disk.Durable).Log;
        switch (kind)
        {
            case FaultKind.Wipe: Wipe(node); break;
            case FaultKind.Damage: Damage(node, dice); break;
            default: LoseTerm(node, dice); break;
        }
        world.Lifecycle.RestartAfter(node, dice.Below(2_000 * Millisecond));
        if (kind != FaultKind.Damage) world.Operators.ReplaceLater(node);
        return true;
    }

    /// <summary>Puts the image back if every other directory knows a later boot; otherwise nobody could notice it.</summary>
    internal void TryRollBack(RollbackAttempt attempt)
    {
        var node = attempt.Node;
        if (world.Timing.IsCalm || node.State == NodeState.Gone || node.Harm != Harm.None || node.Disk.Durable.Boots < attempt.Image.Boots)
            return;
        if (world.Budget.ChangeIsUnderWay() || !world.Budget.MayLose(node) || !EveryoneKnowsLater(node, attempt.Image.Boots + 1))
        {
            if (--attempt.TriesLeft > 0) world.Queue.Add(world.Now + 2_000 * Millisecond, EventKind.Fault, node.Slot, 0, 0, 0, attempt);
            return;
        }
        world.Lifecycle.Crash(node, CrashRule.KeepsEverything);
        node.BeforeHarm = CopyOf(node.Disk.Durable).Log;
        node.Disk.Durable.CopyFrom(attempt.Image);
        node.Harm = Harm.RolledBack;
        world.Faults.Hit(FaultKind.Rollback);
        world.Lifecycle.RestartAfter(node, 10 * Millisecond);
        world.Operators.ReplaceLater(node);
    }

    private SimulatedNode? PickVictim(Dice dice)
    {
        if (world.Budget.ChangeIsUnderWay()) return null;
        var first = dice.Below(world.Nodes.Count);
        for (var i = 0; i < world.Nodes.Count; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node.IsUp && node.Harm == Harm.None && world.Budget.IsMember(node.Id) && world.Budget.MayLose(node)) return node;
        }
        return null;
    }

    private void Wipe(SimulatedNode node)
    {
        world.Lifecycle.MakeNewDirectory(node, Configuration.Empty);
        node.Harm = Harm.Wiped;
    }

    private static void Damage(SimulatedNode node, Dice dice)
    {
        var image = node.Disk.Durable;
        var entries = image.Log.Last.Index - image.Log.Boundary.Index;
        var lost = 1 + (ulong)dice.Below((long)Math.Min(entries, dice.Chance(500) ? 5UL : entries));
        image.Log.TruncateFrom(image.Log.Last.Index.Next - lost);
        // What the snapshot covers needs no entries.
        if (image.Log.Last.Index < image.Snapshot.Id.Index) image.Log.Reset(image.Snapshot);
        image.Mode = RecoveryMode.Repairing;
        node.Harm = Harm.Damaged;
    }

    private static void LoseTerm(SimulatedNode node, Dice dice)
    {
        var image = node.Disk.Durable;
        image.HardState = dice.Chance(500) ? default : new HardState(image.HardState.Term, MemberId.None);
        image.Mode = RecoveryMode.NeverCounts;
        node.Harm = Harm.TermLost;
    }

    private void PlanRollback(SimulatedNode node)
    {
        var attempt = new RollbackAttempt(node, CopyOf(node.Disk.Durable));
        world.Lifecycle.CrashAndRestart(node, 50 * Millisecond);
        Action<SimulatedNode, Machine> again = (n, _) => n.EffectsUntilCrash = world.Timing.IsCalm ? 0 : 1;
        world.Queue.Add(world.Now + 400 * Millisecond, EventKind.Operate, node.Slot, 0, 0, 0, again);
        world.Queue.Add(world.Now + 2_000 * Millisecond, EventKind.Fault, node.Slot, 0, 0, 0, attempt);
    }

    private bool EveryoneKnowsLater(SimulatedNode node, ulong boot)
    {
        foreach (var other in world.Nodes)
        {
            if (other == node || other.State is NodeState.Gone or NodeState.NotStarted) continue;
            if (other.Connections.HighestBoot(node.Id).Value <= boot) return false;
        }
        return true;
    }

    private static DiskImage CopyOf(DiskImage image)
    {
        var copy = new DiskImage(Configuration.Empty);
        copy.CopyFrom(image);
        return copy;
    }
}
