using System.Net;
using Balsa.Raft.Identity;

namespace Balsa.Transport.Tcp;

/// <summary>Limits and times of the connections between members.</summary>
public sealed record PeerNetworkOptions
{
    public required ulong Cluster { get; init; }

    public required MemberId Self { get; init; }

    public required GroupId Group { get; init; }

    public required IPEndPoint Listen { get; init; }

    public required int BodyBytesMax { get; init; }

    /// <summary>Frames and bytes that wait for one peer; more are dropped, because Raft sends again and memory is finite.</summary>
    public int OutboxFramesMax { get; init; } = 1024;

    public long OutboxBytesMax { get; init; } = 32 << 20;

    public int ConnectionsMax { get; init; } = 256;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A peer that takes nothing for this long is disconnected.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);
}
