using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Skipping;

namespace Balsa.Replica;

/// <summary>What a host needs to know beside the core's own options.</summary>
public sealed record ReplicaOptions
{
    public required RaftOptions Raft { get; init; }

    /// <summary>
    /// How much the log may grow beyond the newest snapshot, if none can be made. From here on writes are refused; at half of
    /// it a warning is printed.
    /// </summary>
    public long LogBytesMax { get; init; } = 4L << 30;

    /// <summary>Entries kept in memory beside the log, so that peers and the state machine get them without the disk.</summary>
    public long CacheBytesMax { get; init; } = 64L << 20;

    /// <summary>Requests that wait for a leader, and writes that were handed to one; more are turned away.</summary>
    public int HeldRequestsMax { get; init; } = 4096;

    /// <summary>Slices of entries that are applied before inputs get their turn again.</summary>
    public int SlicesAtOnce { get; init; } = 4;

    /// <summary>Inputs that wait for the pump; more are turned away.</summary>
    public int InboxMax { get; init; } = 8192;

    /// <summary>For how long a stopping leader waits for its successor.</summary>
    public TimeSpan HandoverMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What this member is now and whom it follows. Called by the replica's thread, which it must not hold up.</summary>
    public Action<Role, MemberId, Term> RoleChanged { get; init; } = (_, _, _) => { };

    /// <summary>After so many entries members compare their states; 0 for never.</summary>
    public ulong HashEvery { get; init; } = 1024;

    /// <summary>Members differ about the state at this index, and nobody can say who is right. Called by the thread that applies.</summary>
    public Action<Raft.Log.LogIndex> Diverged { get; init; } = _ => { };

    /// <summary>Entries that this member's directory wishes to leave out.</summary>
    public IReadOnlyList<SkippedEntry> Skips { get; init; } = [];

    /// <summary>What an operator types to leave out an entry that cannot be applied.</summary>
    public Func<SkippedEntry, string> SkipCommand { get; init; } =
        entry => $"balsa doctor data DIR --skip-entry {entry.Index} --hash {entry.HashText}";

    /// <summary>Lines for the operator.</summary>
    public Action<string> Note { get; init; } = _ => { };
}
