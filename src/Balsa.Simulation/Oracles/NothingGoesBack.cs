using Balsa.Raft.Log;
using Balsa.Simulation.Nodes;

namespace Balsa.Simulation.Oracles;

/// <summary>Term, commit and applied index never fall while a node runs, and what it has on disk does not fall over restarts.</summary>
internal sealed class NothingGoesBack(Verdicts verdicts)
{
    internal void OnStep(SimulatedNode node, Term term, LogIndex commit, LogIndex applied)
    {
        var memory = node.Memory;
        if (term < memory.Term || commit < memory.Commit || applied < memory.Applied)
            verdicts.Report("nothing goes back",
                $"{node.Id} went from term {memory.Term}, commit {memory.Commit}, applied {memory.Applied} to {term}, {commit}, {applied}");
        (memory.Term, memory.Applied) = (term, applied);
    }

    internal void OnStart(SimulatedNode node, Term durable)
    {
        if (node.Harm == Harm.None && durable < node.PromisedTerm)
            verdicts.Report("nothing goes back", $"{node.Id} starts in term {durable} after it had spoken in term {node.PromisedTerm}");
    }
}
