using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>Neighbouring configurations share a member of every two quorums, change one at a time, and rule from the log alone.</summary>
internal sealed class MembershipRules(Verdicts verdicts, CommittedLog committed)
{
    internal void OnConfigurationCommitted(Configuration before, Configuration after)
    {
        if (!NaiveQuorum.AlwaysOverlap(before, after))
            verdicts.Report("membership", $"{before} and {after} follow each other and have quorums without a common member");
    }

    internal void OnStep(SimulatedNode node, Machine machine, long now, long patience)
    {
        if (!ReferenceEquals(machine.Configuration, node.Log.Ruling))
            verdicts.Report("membership", $"{node.Id} goes by {machine.Configuration}; the last one in its log is {node.Log.Ruling}");
        if (machine.Role != Role.Leader) return;
        if (node.Log.ConfigurationsAfter(committed.Last) > 1)
            verdicts.Report("membership", $"{node.Id} leads with two uncommitted configurations in its log");
        CheckInvited(node, machine, now, patience);
    }

    /// <summary>Who is given a vote holds nearly all of the log on its disk, or commits would wait for it.</summary>
    internal void OnAuthored(SimulatedNode leader, Configuration before, Configuration after, List<SimulatedNode> nodes, ulong lagMax)
    {
        foreach (var member in after.Members)
        {
            if (member.Role != MemberRole.Voter || before.IsVoter(member.Id)) continue;
            var node = nodes[(int)member.Id.Value - 1];
            if (node.Harm != Harm.None || node.Disk.Durable.Term > leader.Machine!.Term) continue;
            if (node.Disk.Durable.Log.Last.Index + lagMax < leader.Log.Last.Index)
                verdicts.Report("membership",
                    $"{leader.Id} gives {node.Id} a vote; its log ends at {node.Disk.Durable.Log.Last}, the leader's at {leader.Log.Last}");
        }
    }

    /// <summary>A leader that a committed configuration left out goes soon.</summary>
    private void CheckInvited(SimulatedNode node, Machine machine, long now, long patience)
    {
        var leftOut = machine.Commit >= node.Log.RulingIndex && !node.Log.Ruling.IsVoter(node.Id);
        if (!leftOut) node.Memory.LeadsUninvitedSince = 0;
        else if (node.Memory.LeadsUninvitedSince == 0) node.Memory.LeadsUninvitedSince = now;
        else if (now - node.Memory.LeadsUninvitedSince > patience)
            verdicts.Report("membership", $"{node.Id} still leads although {node.Log.Ruling} is committed");
    }
}
