using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Simulation.Faults;
using Balsa.Simulation.FullWorld.Callers;
using Balsa.Simulation.FullWorld.Members;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;

namespace Balsa.Simulation.FullWorld.Mishaps;

/// <summary>
/// Mishaps that need several things to come together within milliseconds: two sides of a cut, a leader that does not know
/// yet, and callers on both sides. Chance alone finds them too rarely.
/// </summary>
internal sealed class MemberDrills(FullRun world, WireMishaps wires)
{
    private const int CallsPerTimeout = 8;

    private long Election => world.Options.Raft.ElectionTimeout.Ticks;

    internal bool Inject(FaultKind kind, Dice draw)
    {
        if (world.FindLeader() is not { IsServing: true } leader || leader.PausedUntil > world.Now) return false;
        return kind switch
        {
            FaultKind.LeaderBlinks => Blink(leader, draw),
            FaultKind.HandoverCut => CutAtHandover(leader, draw),
            FaultKind.JointCut => CutAtJoint(leader, draw),
            _ => CutWithLearners(leader, draw),
        };
    }

    /// <summary>The leader sleeps for about as long as its lease, hears nothing of what the others did, and is asked first thing.</summary>
    private bool Blink(FullNode leader, Dice draw)
    {
        var length = Election * draw.Between(600L, 1_900) / 1_000;
        CutOff(leader, world.Now + length + Election / 2);
        leader.PausedUntil = world.Now + length;
        world.Queue.Add(leader.PausedUntil, EventKind.Resume, leader.Slot, leader.Life);
        WriteElsewhere(leader, world.Now + Election * 9 / 10, leader.PausedUntil);
        ReadAt(leader, CallKind.LeaseRead, leader.PausedUntil - 2, leader.PausedUntil + Election / 2);
        return true;
    }

    /// <summary>The old leader learns nothing of the election that it asked for; in one half the request to campaign comes late.</summary>
    private bool CutAtHandover(FullNode leader, Dice draw)
    {
        var target = MemberDraws.Pick(leader.Machine!.Configuration, MemberRole.Voter, draw);
        if (target.IsNone || target == leader.Id) return false;
        var late = draw.Chance(500) ? Election * draw.Between(1_000L, 1_600) / 1_000 : 0;
        world.Wires.HoldTimeoutNow = late;
        world.Operators.Transfer(leader, target);
        var (from, until) = (world.Now + late, world.Now + late + Election * 3 / 2);
        if (late == 0) CutOff(leader, until);
        else At(from, () => CutOff(leader, until));
        WriteElsewhere(leader, from, until);
        ReadAt(leader, CallKind.LeaseRead, from, until);
        return true;
    }

    /// <summary>The leader is cut off with a few, and asks to rule with those few alone, while the many elect another.</summary>
    private bool CutAtJoint(FullNode leader, Dice draw)
    {
        var configuration = leader.Machine!.Configuration;
        if (!DrillShapes.TryJoint(configuration, leader.Id, world.Budget.IsSound, draw, out var far, out var changes)) return false;
        Separate(leader, far, draw);
        world.Operators.Ask(leader, changes);
        return true;
    }

    /// <summary>Learners stay with the old leader, a quorum of voters is on the other side.</summary>
    private bool CutWithLearners(FullNode leader, Dice draw)
    {
        var configuration = leader.Machine!.Configuration;
        var far = DrillShapes.Voters(configuration).FindAll(id => id != leader.Id);
        if (far.Count < 2) return false;
        if (!DrillShapes.HasLearners(configuration))
        {
            world.Newcomers.Add(leader, configuration, ChangeKind.AddLearner);
            return false;
        }

        Separate(leader, far, draw);
        return true;
    }

    private void Separate(FullNode leader, List<MemberId> far, Dice draw)
    {
        var until = world.Now + Election * draw.Between(1_500L, 5_000) / 1_000;
        wires.Cut(DrillShapes.Apart(far, world.Nodes.Count), until);
        WriteElsewhere(leader, world.Now + Election, until);
        ReadAt(leader, CallKind.QuorumRead, world.Now + Election, until);
    }

    /// <summary>It still speaks, but hears nobody.</summary>
    private void CutOff(FullNode node, long until)
    {
        // A step that a pause has put off until the last phase comes too late.
        if (!world.IsCalm) wires.Cut(DrillShapes.Deaf(node.Slot, world.Nodes.Count), until);
    }

    /// <summary>Whoever leads on the other side by then is written to.</summary>
    private void WriteElsewhere(FullNode leader, long from, long until)
    {
        for (var at = from; at < until; at += Election / CallsPerTimeout)
            At(at, () => Find(leader, other => world.Callers.BeginFresh(other.Slot)));
    }

    private void ReadAt(FullNode node, CallKind kind, long from, long until)
    {
        for (var at = from; at < until; at += Election / CallsPerTimeout) At(at, () => world.Callers.BeginRead(node.Slot, kind));
    }

    private void Find(FullNode leader, Action<FullNode> what)
    {
        foreach (var node in world.Nodes)
            if (node != leader && node is { IsServing: true, Machine.Role: Raft.Role.Leader }) what(node);
    }

    private void At(long time, Action what) => world.Queue.Add(
        time, EventKind.Mishap, 0, 0, 0, 0,
        (Action)(() =>
        {
            if (!world.IsCalm) what();
        }));
}
