using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Replica;
using Balsa.Replica.Hosting;
using Balsa.Server.Members;
using Balsa.Server.Protocol;

namespace Balsa.Server.Access;

/// <summary>What the client port needs of its node.</summary>
internal sealed record NodeParts
{
    public required ReplicaPump<NoProbe> Pump { get; init; }

    public required ViewGate Views { get; init; }

    /// <summary>Of the store; the numbers are of about now.</summary>
    public required Func<StoreSizes> Sizes { get; init; }

    /// <summary>Alarms that are raised, as this member has applied them.</summary>
    public required Func<IReadOnlyList<RaisedAlarm>> Alarms { get; init; }

    public required QuotaKeeper Quota { get; init; }

    /// <summary>The newest term that this member knows; any thread may ask.</summary>
    public required Func<Term> Term { get; init; }

    public required Func<ReplicaStatus, NodeStatus> Describe { get; init; }

    public required MemberChanges Members { get; init; }

    public required ulong Cluster { get; init; }

    public required MemberId Member { get; init; }

    /// <summary>One entry of the log with what goes around it.</summary>
    public required int EntryBytesMax { get; init; }

    /// <summary>How long a request may take, as in etcd: five seconds, and time for an election or two.</summary>
    public required TimeSpan RequestMax { get; init; }
}
