using Balsa.Raft;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Simulation.Probes;

namespace Balsa.Simulation.Nodes;

/// <summary>Builds machines with the shipping-style probe, or with one that plants a mistake.</summary>
internal sealed class MachineMaker(MarkCounts marks, Mutant? mutant)
{
    internal Machine Make(RaftOptions options, RecoveredState recovered, long now, SimulatedNode node)
    {
        if (mutant is { } planted)
            return new ProbedMachine<MutantProbe>(new RaftCore<MutantProbe>(options, recovered, new MutantProbe(marks, planted), now),
                node);
        return new ProbedMachine<WorldProbe>(new RaftCore<WorldProbe>(options, recovered, new WorldProbe(marks), now), node);
    }
}
