using Balsa.Node.Logs;
using Balsa.Node.Peers;
using Balsa.Raft.Effects;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Contracts;
using Balsa.Simulation.Disks.Drills;
using Balsa.Simulation.Probes;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>Builds the parts of a member with the shipping-style probes, or with one that plants a mistake.</summary>
internal sealed class ReplicaMaker(MarkCounts marks, Mutant? mutant, StorageMutant? storage)
{
    internal ReplicaMachine Make(ReplicaOptions options, RecoveredState recovered, ReplicaStart start, ReplicaParts parts, long now) =>
        mutant is { } planted
            ? Make(options, recovered, start, parts, now, new MutantProbe(marks, planted))
            : Make(options, recovered, start, parts, now, new WorldProbe(marks));

    internal MemberLog MakeLog(ILogLane lane, Action<IoSeq> durable) => mutant is { } planted
        ? MakeLog(lane, durable, new MutantProbe(marks, planted)) : MakeLog(lane, durable, default(NoProbe));

    internal MemberJudge MakeJudge(IEnumerable<SeenPeer> seen) => mutant is { } planted
        ? new MemberJudge.Probed<MutantProbe>(new PeerJudge<MutantProbe>(default, seen, new MutantProbe(marks, planted)))
        : new MemberJudge.Probed<NoProbe>(new PeerJudge<NoProbe>(default, seen));

    internal MemberDisk MakeDisk(OpeningOptions options)
    {
        if (storage is not { } planted) return new ProbedDisk<NoStorageProbe>(options);
        PlantedStorageProbe.Plant(planted);
        return new ProbedDisk<PlantedStorageProbe>(options);
    }

    private static ProbedReplica<TProbe> Make<TProbe>(
        ReplicaOptions options, RecoveredState recovered, ReplicaStart start, ReplicaParts parts, long now, TProbe probe)
        where TProbe : struct, IProbe =>
        new(new RaftReplica<TProbe>(options, recovered, start, parts, probe, now), options.Raft);

    private static MemberLog MakeLog<TProbe>(ILogLane lane, Action<IoSeq> durable, TProbe probe) where TProbe : struct, IProbe
    {
        var log = new LogWriter<TProbe>(lane, default, durable, probe);
        return new MemberLog(log, log, log.Note);
    }
}
