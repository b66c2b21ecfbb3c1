using System.Net;
using Balsa.Raft.Identity;
using Balsa.Storage.Snapshots.Retention;
using Balsa.Storage.Wal;

namespace Balsa.Server;

/// <summary>What one node is told when it starts.</summary>
public sealed record NodeOptions
{
    public required ulong Cluster { get; init; }

    public required MemberId Id { get; init; }

    public required string DataDirectory { get; init; }

    public required IPEndPoint ListenPeer { get; init; }

    public required IPEndPoint ListenClient { get; init; }

    /// <summary>Every member of the founding, this one among them; the same list everywhere.</summary>
    public required IReadOnlyList<MemberAddress> Members { get; init; }

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    public WalOptions Wal { get; init; } = new();

    /// <summary>When snapshots are made, and how much log is kept.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How much memory the store may use; 0 for the default of 2 GiB, below 0 without bound.</summary>
    public long QuotaBytes { get; init; }

    public long LogBytesMax { get; init; } = 4L << 30;

    public MemberAddress? Self => Members.FirstOrDefault(member => member.Id == Id);
}
