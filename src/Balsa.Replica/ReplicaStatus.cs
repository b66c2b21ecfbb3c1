using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;

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

    public required long LogBytes { get; init; }

    public required ulong Refused { get; init; }
}
