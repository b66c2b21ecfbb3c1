using Balsa.Raft.Log;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>A leader only appends; a new leader holds everything that was ever committed; learners and strangers never lead.</summary>
internal sealed class LeaderLogs(Verdicts verdicts, CommittedLog committed)
{
    internal void OnElected(SimulatedNode node, Term term)
    {
        var needed = committed.LastCommittedBefore(term);
        var holds = needed < node.Log.Boundary.Index || (node.Log.TryChainAt(needed, out var chain) && chain == committed.ChainAt(needed));
        if (!holds)
            verdicts.Report("leader completeness",
                $"{node.Id} leads term {term} without the committed entry {needed}; its log ends at {node.Log.Last}");
        if (!node.Log.Ruling.IsVoter(node.Id) && !IsNeededStill(node))
            verdicts.Report("membership", $"{node.Id} leads term {term} and is no voter of {node.Log.Ruling}");
        Remember(node, term);
    }

    /// <summary>Left out by a configuration that it does not know to be committed: it may have to lead until it is.</summary>
    private static bool IsNeededStill(SimulatedNode node) =>
        node.Log.RulingIndex > node.Memory.Commit && node.Log.ConfigurationAt(node.Log.RulingIndex.Previous).IsVoter(node.Id);

    internal void OnStillLeads(SimulatedNode node)
    {
        var memory = node.Memory;
        var kept = node.Log.Last.Index >= memory.LedLast.Index
            && (!node.Log.TryChainAt(memory.LedLast.Index, out var chain) || chain == memory.LedChain);
        if (!kept)
            verdicts.Report("leader append-only", $"{node.Id} leads term {memory.LedTerm} and rewrote its log before {memory.LedLast}");
        Remember(node, memory.LedTerm);
    }

    private static void Remember(SimulatedNode node, Term term) =>
        (node.Memory.LedTerm, node.Memory.LedLast, node.Memory.LedChain) = (term, node.Log.Last, node.Log.LastChain);
}
