using Balsa.Raft.Recovery;
using Balsa.Simulation.Disks;
using Balsa.Simulation.Disks.Damages;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Judges;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>Takes from directories what they had promised to keep, within the budget, and has replaced who cannot come back.</summary>
internal sealed class DirectoryMishaps(FullRun world, Dice dice)
{
    private const long Millisecond = TimeSpan.TicksPerMillisecond;
    private const int TriesToRollBack = 60;

    internal bool Inject(FaultKind kind, Dice draw)
    {
        if (PickVictim(draw) is not { } node) return false;
        return kind switch
        {
            FaultKind.Wipe => Wipe(node, draw),
            FaultKind.Damage => Damage(node, draw, corruptor => corruptor.Do(Corruptor.Kinds[draw.Below(Corruptor.Kinds.Count)])),
            FaultKind.TermLost => Damage(node, draw, corruptor => corruptor.Do(DamageKind.Truncated, NewestSegment(node))),
            _ => PlanRollback(node, draw),
        };
    }

    /// <summary>The directory is gone, and the same member starts with an empty one: nobody may take it for what it was.</summary>
    private bool Wipe(FullNode node, Dice draw)
    {
        world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        node.Truth.BeforeHarm = StartJudge.CopyOf(node.Truth.Durable);
        var before = node.Truth.BeforeHarm;
        node.LoseDirectory(world.Newcomers.NextIncarnation(), world.Judges.History.Configuration!);
        (node.Harm, node.Truth.BeforeHarm) = (Harm.Wiped, before);
        world.Lifecycle.RestartAfter(node, draw.Below(2_000 * Millisecond));
        world.Newcomers.ReplaceLater(node);
        return true;
    }

    /// <summary>The power is cut, and what comes back is not what was written.</summary>
    private bool Damage(FullNode node, Dice draw, Func<Corruptor, Damage> how)
    {
        world.Lifecycle.Crash(node, draw.Chance(500) ? CrashRule.KeepsNothing : CrashRule.KeepsSubset);
        var before = StartJudge.CopyOf(node.Truth.Durable);
        var damage = how(new Corruptor(node.Disk, draw));
        world.Lifecycle.RestartAfter(node, draw.Below(2_000 * Millisecond));
        if (world.Trace.IsHeard) world.Trace.Line($"    {node.Id}: {damage}");
        if (damage.IsNothing) return false;
        (node.Harm, node.Truth.BeforeHarm) = (Harm.Damaged, before);
        return true;
    }

    /// <summary>The file with the newest records: with its end goes whatever says which vote was the last.</summary>
    private static string NewestSegment(FullNode node)
    {
        var newest = "";
        foreach (var entry in node.Disk.Names.Now)
            if (entry.Path.EndsWith(".wal", StringComparison.Ordinal) && string.CompareOrdinal(entry.Path, newest) > 0) newest = entry.Path;
        return newest;
    }

    private bool PlanRollback(FullNode node, Dice draw)
    {
        world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        var image = new FaultyDisk();
        image.CopyFrom(node.Disk);
        var (boots, incarnation) = (node.Truth.Durable.Boots, node.Incarnation);
        world.Lifecycle.RestartAfter(node, draw.Between(1L, 300) * Millisecond);
        After(1_000 * Millisecond, () => node.StepsUntilCrash = world.IsCalm ? 0 : 1);
        After(3_000 * Millisecond, () =>
        {
            if (node.Incarnation == incarnation) TryRollBack(node, image, boots, TriesToRollBack);
        });
        return true;
    }

    /// <summary>Puts the image back if every other directory knows a later boot; otherwise nobody could notice it.</summary>
    private void TryRollBack(FullNode node, FaultyDisk image, ulong boots, int tries)
    {
        if (world.IsCalm || tries == 0 || node.State == NodeState.Gone) return;
        if (node.Harm != Harm.None || node.Truth.Durable.Boots < boots) return;
        if (!world.Budget.MayLose(node) || !EveryoneKnowsLater(node, boots + 1))
        {
            After(500 * Millisecond, () => TryRollBack(node, image, boots, tries - 1));
            return;
        }

        world.Lifecycle.Crash(node, CrashRule.KeepsNothing);
        node.Truth.BeforeHarm = StartJudge.CopyOf(node.Truth.Durable);
        node.Disk.CopyFrom(image);
        node.Harm = Harm.RolledBack;
        NoteWhoKnowsLater(node, boots + 1);
        world.Faults.Hit(FaultKind.Rollback);
        world.Lifecycle.RestartAfter(node, 10 * Millisecond);
        world.Newcomers.ReplaceLater(node);
    }

    private bool EveryoneKnowsLater(FullNode node, ulong boot)
    {
        foreach (var other in world.Nodes)
        {
            if (other == node || other.State == NodeState.Gone || !world.Budget.IsMember(other.Id)) continue;
            if (other.Process?.Gateway is not { } gateway || gateway.HighestBoot(node.Id).Value <= boot) return false;
        }

        return true;
    }

    /// <summary>Members, and also who is a member no longer but still runs.</summary>
    private void NoteWhoKnowsLater(FullNode node, ulong boot)
    {
        node.KnownLaterBy.Clear();
        foreach (var other in world.Nodes)
            if (other.Process?.Gateway is { } gateway && gateway.HighestBoot(node.Id).Value > boot) node.KnownLaterBy.Add(other.Life);
    }

    private FullNode? PickVictim(Dice draw)
    {
        var first = draw.Below(world.Nodes.Count);
        for (var i = 0; i < world.Nodes.Count; i++)
        {
            var node = world.Nodes[(first + i) % world.Nodes.Count];
            if (node is not { IsServing: true, Harm: Harm.None, Machine.Mode: RecoveryMode.Intact }) continue;
            if (world.Budget.IsMember(node.Id) && world.Budget.MayLose(node)) return node;
        }

        return null;
    }

    private void After(long ticks, Action what) =>
        world.Queue.Add(world.Now + ticks + dice.Below(10_000), EventKind.Mishap, 0, 0, 0, 0, what);
}
