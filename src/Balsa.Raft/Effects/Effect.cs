using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Effects;

/// <summary>What the host can be asked to do.</summary>
public enum EffectKind : byte
{
    // The storage stream: numbered by Effect.Io, and durable in this order or not at all.

    /// <summary>Store <see cref="Effect.HardState"/>.</summary>
    SaveHardState = 1,

    /// <summary>Store the entries of <see cref="EffectBatch.EntriesOf"/>, which follow the log's end.</summary>
    AppendEntries,

    /// <summary>Drop the entries from <see cref="Effect.First"/> on.</summary>
    TruncateSuffix,

    /// <summary>The received snapshot <see cref="Effect.Id"/> replaces the log, or its prefix when the log continues it.</summary>
    InstallSnapshot,

    /// <summary>Entries through <see cref="Effect.Last"/> are no longer needed.</summary>
    CompactPrefix,

    // Everything else, released when everything up to Effect.After is durable.

    /// <summary>Send <see cref="Effect.Message"/>; an append takes the entries First..Last of the log along.</summary>
    Send,

    /// <summary>Apply the entries First..Last, then report <c>OnApplied</c>.</summary>
    Apply,

    /// <summary>Replace the state machine by the snapshot <see cref="Effect.Id"/>, then report <c>OnApplied</c>.</summary>
    RestoreSnapshot,

    /// <summary>A proposal, membership change, transfer or campaign is over: see <see cref="Effect.Outcome"/>.</summary>
    Complete,

    /// <summary>A read may run (Done: the state is at <see cref="Effect.Last"/> or later) or was refused.</summary>
    CompleteRead,

    /// <summary>Say by <c>OnEntriesLoaded</c> how far <see cref="Effect.Number"/> bytes of entries reach from First.</summary>
    LoadEntries,

    /// <summary>Stream the snapshot <see cref="Effect.Id"/> to the peer, resuming where it stopped.</summary>
    StartSnapshotTransfer,
    AbortSnapshotTransfer,

    /// <summary>The leader will stream the snapshot <see cref="Effect.Id"/>: make room, say where to resume.</summary>
    ReceiveSnapshot,
    RoleChanged,

    /// <summary>A configuration took effect; committed when <see cref="Effect.Number"/> is 1.</summary>
    ConfigurationChanged,

    /// <summary>The repaired log is complete again: this member counts as before.</summary>
    RecoveryCompleted,

    /// <summary>A committed configuration removed this member: stop for good.</summary>
    RemovedFromCluster,

    /// <summary>The disk failed. Stop at once, send nothing more; a restart re-reads what is really there.</summary>
    FailStop,
}

/// <summary>One thing the host must do. Flat, because thousands a second pass through one array.</summary>
#pragma warning disable CA1051 // Fields, not properties: the queue fills effects in place, by reference.
public struct Effect
{
    public EffectKind Kind;
    public Role Role;
    public Outcome Outcome;
    internal int EntriesStart, EntriesCount;

    /// <summary>The number of a storage operation.</summary>
    public IoSeq Io;

    /// <summary>The effect may leave when everything up to here is durable.</summary>
    public IoSeq After;

    public LogIndex First, Last;
    public EntryId Id;
    public MemberId Peer;
    public Correlation Correlation;

    /// <summary>A limit in bytes, a request's number, a session: as the kind says.</summary>
    public ulong Number;
    public HardState HardState;
    public Message Message;

    /// <summary>The configuration that an entry written by the core carries, or the one that took effect.</summary>
    public Configuration? Configuration;
}
#pragma warning restore CA1051

/// <summary>Term and vote: one durable record, never two.</summary>
public readonly record struct HardState(Term Term, MemberId VotedFor);

/// <summary>What has been asked since the last drain, in order. Valid until the next input to the core.</summary>
public readonly ref struct EffectBatch
{
    private readonly ReadOnlySpan<EntryRef> _entries;

    internal EffectBatch(ReadOnlySpan<Effect> effects, ReadOnlySpan<EntryRef> entries)
    {
        Effects = effects;
        _entries = entries;
    }

    public ReadOnlySpan<Effect> Effects { get; }

    public ReadOnlySpan<EntryRef> EntriesOf(in Effect effect) => _entries.Slice(effect.EntriesStart, effect.EntriesCount);
}
