using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica.Trust;

namespace Balsa.Replica;

/// <summary>What this member believes, at one moment.</summary>
public sealed record ReplicaStatus
{
    public required Role Role { get; init; }

    public required HardState HardState { get; init; }

    public required MemberId Leader { get; init; }

    public required EntryId Last { get; init; }

    public required LogIndex Commit { get; init; }

    public required LogIndex Applied { get; init; }

    public required LogIndex Durable { get; init; }

    public required Configuration Configuration { get; init; }

    /// <summary>Where the newest configuration stands in the log.</summary>
    public required LogIndex ConfigurationIndex { get; init; }

    /// <summary>The newest snapshot; its start when there is none.</summary>
    public required EntryId Snapshot { get; init; }

    /// <summary>The entry before the first one in the log on disk.</summary>
    public required EntryId LogBase { get; init; }

    /// <summary>What a leader knows of the others; empty on other members.</summary>
    public required IReadOnlyList<PeerStatus> Peers { get; init; }

    /// <summary>Who has said yes in the election that this member stands in; 0 when it stands in none.</summary>
    public int Votes { get; init; }

    /// <summary>When this member last heard of a leader.</summary>
    public long LeaderHeardAt { get; init; }

    /// <summary>The clock by which <see cref="PeerStatus.HeardAt"/> and <see cref="LeaderHeardAt"/> are told.</summary>
    public required long Now { get; init; }

    /// <summary>Why this member serves nobody; null when it serves.</summary>
    public required string? Aside { get; init; }

    /// <summary>The entry that this member could not apply; null when there is none.</summary>
    public PoisonedEntry? Poisoned { get; init; }

    /// <summary>Whether damage took something.</summary>
    public required RecoveryMode Mode { get; init; }

    /// <summary>How much the log has grown since the newest snapshot.</summary>
    public required long LogBytes { get; init; }

    public required ulong Refused { get; init; }
}
