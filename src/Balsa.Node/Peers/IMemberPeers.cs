using Balsa.Node.Snapshots;
using Balsa.Raft.Identity;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Storage.Wal;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Node.Peers;

/// <summary>The way to the other members where it is not a connection to each: a network of somebody else's making.</summary>
public interface IMemberPeers : IPeerNetwork, IParcelPost, IAsyncDisposable
{
    /// <summary>From here on others may be heard.</summary>
    void Open(PeerDoor door);
}

/// <summary>What a way to other members has to know of the member that uses it.</summary>
public sealed record PeerDoor
{
    /// <summary>Who we are and how far.</summary>
    public required Func<Hello> Self { get; init; }

    /// <summary>Where inputs go; false when they are lost.</summary>
    public required Func<ReplicaInput, bool> Post { get; init; }

    /// <summary>Where parcels about snapshots go.</summary>
    public required Action<MemberId, Parcel> Snapshots { get; init; }

    /// <summary>Which members were seen before, so that disks that went back in time are noticed.</summary>
    public required IReadOnlyList<SeenPeer> Seen { get; init; }

    public required Action<SeenPeer> Remember { get; init; }
}
