using System.Net;
using Balsa.Grpc.Server;
using Balsa.Node.Founding;
using Balsa.Server.Compaction;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;
using Balsa.Transport.Tcp;

namespace Balsa.Server;

/// <summary>What one node is told when it starts.</summary>
public sealed record NodeOptions
{
    /// <summary>Who the node is, whom it calls and where it is called. What an earlier start has decided, its directory knows.</summary>
    public required FoundingOptions Founding { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>May be the same as for clients: one port then serves both, told apart by their first bytes.</summary>
    public required IPEndPoint ListenPeer { get; init; }

    public required IPEndPoint ListenClient { get; init; }

    /// <summary>More services on the client port, beside those that every node has.</summary>
    public Action<ServiceTable> MoreServices { get; init; } = _ => { };

    /// <summary>Times and sources of the connections to other members, where the usual ones do not fit.</summary>
    public Func<PeerNetworkOptions, PeerNetworkOptions> PeerLinks { get; init; } = usual => usual;

    /// <summary>When the directory of an existing member is empty: replace the member by a new one, with this directory.</summary>
    public bool AutoReplaceWiped { get; init; }

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    public WalOptions Wal { get; init; } = new();

    /// <summary>When snapshots are made, and how much log is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How much memory the store may use; 0 for the default of 2 GiB, below 0 without bound.</summary>
    public long QuotaBytes { get; init; }

    public long LogBytesMax { get; init; } = 4L << 30;

    /// <summary>Whether the cluster's leader may serve reads from its lease; null leaves that as it is.</summary>
    public bool? LeaseReads { get; init; }

    /// <summary>When the store forgets old revisions by itself.</summary>
    public AutoCompaction Compaction { get; init; } = AutoCompaction.Off;

    /// <summary>Clients may cut this member off from the others: for trials, never where data matters.</summary>
    public bool AllowFaults { get; init; }

    internal bool HasOnePort => ListenPeer.Equals(ListenClient) && ListenPeer.Port != 0;
}
