using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>What is called committed lies on the disks of a quorum: on the disks, not in memory, and of voters that count.</summary>
internal sealed class CommittedIsDurable(Verdicts verdicts, List<SimulatedNode> nodes)
{
    private LogIndex _index;
    private ulong _chain;

    /// <summary>One step may commit by one configuration and then append the next: the quorum is of the one or of the other.</summary>
    internal void OnCommitted(SimulatedNode by, Configuration ruling, Configuration before, LogIndex index, ulong chain)
    {
        (_index, _chain) = (index, chain);
        if (!NaiveQuorum.Agrees(ruling, HoldsDurably) && (ReferenceEquals(ruling, before) || !NaiveQuorum.Agrees(before, HoldsDurably)))
            verdicts.Report("committed is durable", $"{by.Id} calls {index} committed, but no quorum of {ruling} has it on disk");
    }

    private bool HoldsDurably(MemberId member)
    {
        var slot = (int)member.Value - 1;
        if (slot >= nodes.Count) return false;
        var node = nodes[slot];
        // What a harmed member had acknowledged before the harm may still be counted, what it says since may not.
        var log = node.Harm == Harm.None ? node.Disk.Durable.Log : node.BeforeHarm;
        if (log is null) return false;
        return log.TryChainAt(_index, out var chain) ? chain == _chain : _index < log.Boundary.Index;
    }
}
