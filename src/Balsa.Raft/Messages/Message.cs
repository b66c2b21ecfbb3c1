using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Messages;

/// <summary>The closed set of what members say to each other. The values are on the wire: never renumber. 0 is no kind.</summary>
public enum MessageKind : byte
{
    PreVote = 1,
    PreVoteResponse = 2,
    Vote = 3,
    VoteResponse = 4,
    Append = 5,
    AppendResponse = 6,
    Heartbeat = 7,
    HeartbeatResponse = 8,
    SnapshotOffer = 9,
    SnapshotResponse = 10,
    TimeoutNow = 11,
    ReadIndex = 12,
    ReadIndexResponse = 13,
}

[Flags]
#pragma warning disable CA1711 // They are flags, and "MessageOptions" would say something else.
public enum MessageFlags : byte
{
    None = 0,

    /// <summary>A response that says no.</summary>
    Reject = 1,

    /// <summary>A vote asked for because the leader itself handed over: stickiness does not refuse it.</summary>
    Transfer = 2,

    /// <summary>A vote asked for by an operator or controller: honoured only where the configuration permits it.</summary>
    Forced = 4,

    /// <summary>The sender's disk is stalled, or its host cannot serve: it is no good choice for a leader.</summary>
    DiskSlow = 8,

    /// <summary>The sender repairs a damaged log: its answer moves data and counts towards nothing.</summary>
    NotCounted = 16,

    /// <summary>A committed configuration removed the receiver of this response.</summary>
    Removed = 32,

    /// <summary>A question how far to repair: answered at once with the leader's last index, without asking a quorum.</summary>
    Repair = 64,
}
#pragma warning restore CA1711

/// <summary>A question's name, unique for ever together with the asking member: which boot asked, and the how-manieth.</summary>
public readonly record struct ReadContext(Boot Boot, ulong Number);

/// <summary>
/// One flat struct for every kind, so that messages need neither heap nor casts. What each field means:
/// <code>
///                    Log                   Commit           Match                Session       Context
/// PreVote, Vote      candidate's last      -                -                    -             the campaign
///   ...Response      -                     -                -                    -             echoed
/// Append             entry before these    leader's commit  leader's last index  receiver's    -
///   ...Response      reject: best guess    -                accept: last covered  echoed        -
///                    where logs agree                       reject: refused prev
/// Heartbeat          -                     at most Match     leader's last index  receiver's    round
///   ...Response      -                     -                matched so far       echoed        echoed
/// SnapshotOffer      the snapshot          leader's commit  leader's last index  receiver's    -
///   ...Response      the snapshot          -                -                    echoed        -
/// TimeoutNow         -                     -                -                    -             -
/// ReadIndex          -                     -                -                    -             the question
///   ...Response      -                     index to reach   -                    -             echoed
/// </code>
/// </summary>
public readonly record struct Message
{
    public required MessageKind Kind { get; init; }

    public MessageFlags Flags { get; init; }

    public required MemberId To { get; init; }

    /// <summary>The sender's term; in a pre-vote the term it would campaign in.</summary>
    public required Term Term { get; init; }

    public EntryId Log { get; init; }

    public LogIndex Commit { get; init; }

    public LogIndex Match { get; init; }

    /// <summary>The index of the configuration entry that added the receiver: an answer from before a removal counts for nothing.</summary>
    public LogIndex Session { get; init; }

    public ReadContext Context { get; init; }

    public bool Has(MessageFlags flag) => (Flags & flag) != MessageFlags.None;
}
