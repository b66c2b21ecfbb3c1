using System.Net;
using Balsa.Node.Peers;
using Balsa.Node.Snapshots;
using Balsa.Raft.Membership;
using Balsa.Replica;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node;

/// <summary>What one member of a cluster is made with, beside its directory and its state machine.</summary>
public sealed record MemberOptions
{
    public required ReplicaOptions Replica { get; init; }

    public required PeerNetworkOptions Network { get; init; }

    /// <summary>Another way to the other members; null is a connection to each, as <see cref="Network"/> says.</summary>
    public IMemberPeers? OtherPeers { get; init; }

    public SnapshotShelfOptions Snapshots { get; init; } = new();

    /// <summary>Where another member may be reached; what is tried first stands first.</summary>
    public required Func<Member, IReadOnlyList<EndPoint>> AddressesOf { get; init; }

    /// <summary>Whom to reach as long as the log says nothing of members: those who let this member join.</summary>
    public Configuration FirstContacts { get; init; } = Configuration.Empty;

    /// <summary>What a peer is told that asks about founding; null hangs up.</summary>
    public Func<FoundingAsk, ReplicaStatus, FoundingAnswer?> AnswerFounding { get; init; } = (_, _) => null;
}
