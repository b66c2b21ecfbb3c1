using Balsa.Raft.Log;
using Balsa.Simulation.Nodes;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Oracles;

/// <summary>State machine safety: everyone applies the same entries in the same order, each once, and never goes back.</summary>
internal sealed class Applying(Verdicts verdicts, CommittedLog committed)
{
    private readonly List<ulong> _chains = [0];

    internal void OnApply(SimulatedNode node, LogIndex first, LogIndex last)
    {
        if (first != node.Applied.Next)
            verdicts.Report("state machine safety", $"{node.Id} applies {first} after {node.Applied}");
        for (var index = first; index <= last; index = index.Next)
        {
            if (!node.Log.Has(index))
            {
                verdicts.Report("state machine safety", $"{node.Id} applies {index}, which its log does not hold");
                return;
            }
            ref readonly var stored = ref node.Log[index];
            Check(node, index, stored.Chain);
            (node.Applied, node.AppliedChain) = (index, stored.Chain);
        }
    }

    internal void OnRestore(SimulatedNode node, SnapshotRecord snapshot)
    {
        if (snapshot.Id.Index <= node.Applied)
            verdicts.Report("state machine safety", $"{node.Id} restores {snapshot.Id} over {node.Applied}");
        Check(node, snapshot.Id.Index, snapshot.Chain);
        (node.Applied, node.AppliedChain) = (snapshot.Id.Index, snapshot.Chain);
    }

    /// <summary>The first to apply an index says what is right; the others must agree, and so must the committed history.</summary>
    internal void Check(SimulatedNode node, LogIndex index, ulong chain)
    {
        while ((ulong)_chains.Count <= index.Value) _chains.Add(0);
        var known = _chains[(int)index.Value];
        if (known == 0) _chains[(int)index.Value] = chain;
        if ((known != 0 && known != chain) || (committed.Knows(index) && committed.ChainAt(index) != chain))
            verdicts.Report("state machine safety", $"{node.Id} applied something else at {index} than the others");
    }
}
