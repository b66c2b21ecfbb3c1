using Balsa.Raft.Identity;

namespace Balsa.Raft;

/// <summary>Everything that can be set about one member. Each value is checked before the core starts.</summary>
public sealed record RaftOptions
{
    /// <summary>The highest feature level that this build understands.</summary>
    public const uint FeatureLevelOfBuild = 1;

    /// <summary>1.5 MiB for a request, and its envelope.</summary>
    public const int EntryBytesByDefault = (1 << 20) + (1 << 19) + 4096;

    public required MemberId Self { get; init; }

    public required Incarnation Incarnation { get; init; }

    /// <summary>This start's number; raised and made durable by the host before the core is made.</summary>
    public required Boot Boot { get; init; }

    /// <summary>Seeds the only randomness there is: how long to wait before standing for election.</summary>
    public required ulong Seed { get; init; }

    public GroupId Group { get; init; }

    /// <summary>What this build understands; the cluster's level rises when every member's does.</summary>
    public uint FeatureLevel { get; init; } = FeatureLevelOfBuild;

    /// <summary>How often a leader shows that it is alive. Also the pace of its other duties.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Without a leader for this long (randomised up to twice) a voter stands for election.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Ask whether an election could be won before raising the term.</summary>
    public bool PreVote { get; init; } = true;

    /// <summary>A leader that hears no quorum steps down, and voters that hear a leader refuse to vote.</summary>
    public bool CheckQuorum { get; init; } = true;

    /// <summary>By how many thousandths two members' clocks may run apart; shortens the leader's lease.</summary>
    public int ClockDriftPermille { get; init; } = 100;

    /// <summary>Appends on the way to one peer without an answer.</summary>
    public int InflightMessagesMax { get; init; } = 256;

    public long InflightBytesMax { get; init; } = 8 << 20;

    /// <summary>Entries and bytes in one append.</summary>
    public int AppendEntriesMax { get; init; } = 1024;

    public long AppendBytesMax { get; init; } = 1 << 20;

    /// <summary>Proposed and not yet committed; more is refused as busy.</summary>
    public int UncommittedEntriesMax { get; init; } = 16_384;

    public long UncommittedBytesMax { get; init; } = 64 << 20;

    /// <summary>One entry with its envelope. Larger proposals are refused before they reach the log.</summary>
    public int EntryBytesMax { get; init; } = EntryBytesByDefault;

    public int PendingReadsMax { get; init; } = 16_384;

    /// <summary>For how many of the newest entries sizes are kept; older ones are asked of the host when a peer needs them.</summary>
    public int RecentEntries { get; init; } = 65_536;

    /// <summary>How far behind the end a learner may be and still count as level.</summary>
    public ulong PromotionLag { get; init; } = 64;

    /// <summary>Entries always kept behind a snapshot, so that a follower that blinked needs no snapshot.</summary>
    public ulong EntriesKeptBehindSnapshot { get; init; } = 4096;

    /// <summary>Entries kept at most for a live follower that lags further.</summary>
    public ulong EntriesKeptForLaggards { get; init; } = 65_536;

    /// <summary>A snapshot transfer without progress for this long is given up and offered again.</summary>
    public TimeSpan SnapshotStall { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A leader whose disk is silent for this long hands over. Zero: never.</summary>
    public TimeSpan SlowDiskHandoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A leader hands over after this long, for tests and for those who rotate leaders, but not before it has committed
    /// something. Zero: never.
    /// </summary>
    public TimeSpan LeaderTenureMax { get; init; }

    /// <summary>
    /// Give the id of a removed member to a new one. Off: ids are never given twice. Replication sessions keep it safe
    /// either way; the switch exists to prove that.
    /// </summary>
    public bool ReuseRemovedIds { get; init; }
}
