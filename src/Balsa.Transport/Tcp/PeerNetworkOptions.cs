using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp;

/// <summary>Limits and times of the connections between members.</summary>
public sealed record PeerNetworkOptions
{
    /// <summary>0 while there is no cluster: then only founding calls are made and taken.</summary>
    public required ulong Cluster { get; init; }

    public required MemberId Self { get; init; }

    public required GroupId Group { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>Where others reach this member, for one that does not know it yet.</summary>
    public string PeerUrls { get; init; } = "";

    /// <summary>The largest body of a frame; the same on all members.</summary>
    public required int BodyBytesMax { get; init; }

    /// <summary>Frames and bytes that wait for one peer; more are dropped, because Raft sends again and memory is finite.</summary>
    public int OutboxFramesMax { get; init; } = 1024;

    public long OutboxBytesMax { get; init; } = 32 << 20;

    /// <summary>Frames of bulk data that wait for one peer; who has more waits.</summary>
    public int BulkFramesMax { get; init; } = 16;

    /// <summary>How fast bulk data leaves, to all peers together; 0 is as fast as it goes.</summary>
    public long BulkBytesPerSecond { get; init; }

    /// <summary>A bulk link that had nothing to send for so long is closed.</summary>
    public TimeSpan BulkIdle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections of members. Each member has two.</summary>
    public int ConnectionsMax { get; init; } = 256;

    /// <summary>Connections of callers that have not said who they are. For the next one the oldest is closed.</summary>
    public int StrangersMax { get; init; } = 64;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For what is said about founding, the time to make it durable included.</summary>
    public TimeSpan FoundingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Every so often a caller sends a ping. Well below <see cref="DeadAfter"/>, here and on all members.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A peer that is silent for this long is disconnected, by the one it called and by the one that called it.</summary>
    public TimeSpan DeadAfter { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// From which address and port to dial a member for a purpose at one of its addresses; null, or port 0, is any. For networks
    /// whose filters tell connections apart by their source. Two links to one member need two sources: the same port of another
    /// own address will do. Before there is a cluster the member is none, and only the address says who is dialled.
    /// </summary>
    public Func<MemberId, LinkPurpose, IPEndPoint, IPEndPoint?>? SourceOf { get; init; }

    /// <summary>
    /// No port of our own is opened: somebody else accepts connections and hands those of members over, as where one port serves
    /// clients, too.
    /// </summary>
    public bool IsGivenItsCalls { get; init; }

    /// <summary>What the bytes run through above the socket.</summary>
    public IPeerStreams Streams { get; init; } = PlainPeerStreams.Instance;

    /// <summary>More than a record of the largest cluster takes, and less than strangers could do harm with.</summary>
    internal int FoundingBytesMax => Math.Min(BodyBytesMax, 512 * 1024);

    internal int DeadAfterTicks => Math.Max(2, TicksOf(DeadAfter));

    internal int BulkIdleTicks => Math.Max(1, TicksOf(BulkIdle));

    private int TicksOf(TimeSpan time) => (int)Math.Ceiling(time / PingInterval);
}
