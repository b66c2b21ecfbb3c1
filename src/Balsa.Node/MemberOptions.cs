using Balsa.Node.Snapshots;
using Balsa.Replica;
using Balsa.Transport.Tcp;

namespace Balsa.Node;

/// <summary>What one member of a cluster is made with, beside its directory and its state machine.</summary>
public sealed record MemberOptions
{
    public required ReplicaOptions Replica { get; init; }

    public required PeerNetworkOptions Network { get; init; }

    public SnapshotShelfOptions Snapshots { get; init; } = new();

    /// <summary>Where another member listens; by default as its configuration says.</summary>
    public required Func<Raft.Membership.Member, System.Net.EndPoint?> AddressOf { get; init; }
}
