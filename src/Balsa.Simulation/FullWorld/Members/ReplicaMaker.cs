using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Simulation.Probes;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Builds replicas with the shipping-style probe, or with one that plants a mistake.</summary>
internal sealed class ReplicaMaker(MarkCounts marks, Mutant? mutant)
{
    internal ReplicaMachine Make(ReplicaOptions options, RecoveredState recovered, ReplicaStart start, ReplicaParts parts, long now)
    {
        if (mutant is { } planted)
            return new ProbedReplica<MutantProbe>(
                new RaftReplica<MutantProbe>(options, recovered, start, parts, new MutantProbe(marks, planted), now), options.Raft);
        return new ProbedReplica<WorldProbe>(
            new RaftReplica<WorldProbe>(options, recovered, start, parts, new WorldProbe(marks), now), options.Raft);
    }
}
