using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Scheduling;
using Balsa.Simulation.Workload;
using Balsa.Simulation.Worlds;

namespace Balsa.Simulation.Faults;

/// <summary>
/// Mishaps that need several things to come together within milliseconds: two sides of a cut, a leader that does not know
/// yet, and callers on both sides. Chance alone finds them too rarely.
/// </summary>
internal sealed class Drills(World world)
{
    private const int StepsPerTimeout = 15;

    private long Election => world.Options.Raft.ElectionTimeout.Ticks;

    internal bool Inject(FaultKind kind, Dice dice)
    {
        if (world.FindLeader() is not { } leader || leader.PausedUntil > world.Now) return false;
        return kind switch
        {
            FaultKind.LeaderBlinks => Blink(leader, dice),
            FaultKind.HandoverCut => CutAtHandover(leader, dice),
            FaultKind.JointCut => CutAtJoint(leader, dice),
            _ => CutWithLearners(leader, dice),
        };
    }

    /// <summary>The leader sleeps for about as long as its lease, hears nothing of what the others did, and is asked first thing.</summary>
    private bool Blink(SimulatedNode leader, Dice dice)
    {
        var length = Election * dice.Between(600L, 1_900) / 1_000;
        CutOff(leader, world.Now + length + Election / 2);
        leader.PausedUntil = world.Now + length;
        world.Queue.Add(leader.PausedUntil, EventKind.Resume, leader.Slot, leader.Life);
        WriteElsewhere(leader, world.Now + Election * 9 / 10, leader.PausedUntil);
        ReadAt(leader, ReadMode.Lease, leader.PausedUntil - 2, leader.PausedUntil + Election / 2);
        return true;
    }

    /// <summary>The old leader learns nothing of the election that it asked for; in one half the request to campaign comes late.</summary>
    private bool CutAtHandover(SimulatedNode leader, Dice dice)
    {
        var target = MemberDraws.Pick(leader.Log.Ruling, MemberRole.Voter, dice);
        if (target.IsNone || target == leader.Id) return false;
        var late = dice.Chance(500) ? Election * dice.Between(1_000L, 1_600) / 1_000 : 0;
        world.Network.HoldTimeoutNow = late;
        world.Operators.TransferTo(leader, target);
        var from = world.Now + late;
        Action<SimulatedNode, Machine> cut = (node, _) => CutOff(node, world.Now + Election * 3 / 2);
        if (late == 0) CutOff(leader, from + Election * 3 / 2);
        else world.Queue.Add(from, EventKind.Operate, leader.Slot, leader.Life, 0, 0, cut);
        WriteElsewhere(leader, from, from + Election * 3 / 2);
        ReadAt(leader, ReadMode.Lease, from, from + Election * 3 / 2);
        return true;
    }

    /// <summary>The leader is cut off with a few, and asks to rule with those few alone, while the many elect another.</summary>
    private bool CutAtJoint(SimulatedNode leader, Dice dice)
    {
        if (!DrillShapes.TryJoint(leader.Log.Ruling, leader.Id, world.Budget.IsSound, dice, out var far, out var changes)) return false;
        Separate(leader, far, dice);
        world.Operators.AskFor(leader, changes);
        return true;
    }

    /// <summary>Learners stay with the old leader, a quorum of voters is on the other side.</summary>
    private bool CutWithLearners(SimulatedNode leader, Dice dice)
    {
        var far = DrillShapes.Voters(leader.Log.Ruling).FindAll(id => id != leader.Id);
        if (!DrillShapes.HasLearners(leader.Log.Ruling) || far.Count < 2) return false;
        Separate(leader, far, dice);
        return true;
    }

    private void Separate(SimulatedNode leader, List<MemberId> far, Dice dice)
    {
        var until = world.Now + Election * dice.Between(1_500L, 5_000) / 1_000;
        Cut(DrillShapes.Apart(far, world.Nodes.Count), until);
        WriteElsewhere(leader, world.Now + Election, until);
        ReadAt(leader, ReadMode.Quorum, world.Now + Election, until);
    }

    /// <summary>It still speaks, but hears nobody.</summary>
    private void CutOff(SimulatedNode node, long until) => Cut(DrillShapes.Deaf(node.Slot, world.Nodes.Count), until);

    private void Cut(List<(int From, int To)> cuts, long until)
    {
        // A step that a pause has put off until the last phase comes too late.
        if (world.Timing.IsCalm) return;
        foreach (var (from, to) in cuts) world.Network.Links.Cut(from, to);
        if (cuts.Count > 0) world.Queue.Add(until, EventKind.LinksHeal, 0, 0, 0, 0, cuts);
    }

    /// <summary>Whoever leads on the other side by then is written to.</summary>
    private void WriteElsewhere(SimulatedNode leader, long from, long until)
    {
        Action<SimulatedNode, Machine> write = (node, machine) =>
        {
            if (machine.Role == Role.Leader) machine.Propose([world.Clients.NewProposal(node, -1)]);
        };
        foreach (var node in world.Nodes)
            if (node != leader && node.IsUp) Repeat(node, write, from, until);
    }

    private void ReadAt(SimulatedNode node, ReadMode mode, long from, long until)
    {
        Action<SimulatedNode, Machine> read = (asked, machine) =>
        {
            if (machine.Role == Role.Leader) machine.Read(world.Requests.Ask(RequestKind.Read, asked, mode: mode), mode);
        };
        Repeat(node, read, from, until);
    }

    private void Repeat(SimulatedNode node, Action<SimulatedNode, Machine> what, long from, long until)
    {
        for (var at = from; at < until; at += Election / StepsPerTimeout)
            world.Queue.Add(at, EventKind.Operate, node.Slot, node.Life, 0, 0, what);
    }
}
