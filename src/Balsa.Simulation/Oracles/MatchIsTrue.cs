using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>What a leader believes a peer to hold, the peer's disk really holds.</summary>
internal sealed class MatchIsTrue(Verdicts verdicts)
{
    internal void OnAnswer(SimulatedNode leader, Machine machine, SimulatedNode peer)
    {
        if (machine.Role != Role.Leader || !machine.TryGetPeer(peer.Id, out var status) || status.NotCounted) return;
        var durable = peer.Disk.Durable;
        // A peer that has moved on to a later term may have cut its log since; what it said was true when it was said.
        if (peer.Harm != Harm.None || durable.Term > machine.Term) return;
        if (status.Match <= durable.Log.Boundary.Index || !leader.Log.TryChainAt(status.Match, out var ours)) return;
        if (durable.Log.TryChainAt(status.Match, out var theirs) && theirs == ours) return;
        verdicts.Report("match is true", $"{leader.Id} believes {peer.Id} to hold {status.Match}; its disk ends at {durable.Log.Last}");
    }
}
