namespace Balsa.Raft.Messages;

/// <summary>Why an input was not used. Each is counted; none changes the core.</summary>
public enum Rejection : byte
{
    None = 0,

    /// <summary>The core has stopped: a storage fault, a broken rule, or shutdown.</summary>
    Stopped,
    WrongGroup,

    /// <summary>Addressed to another member.</summary>
    NotForThisMember,

    /// <summary>Member 0, or this member itself, named as the sender.</summary>
    ImpossibleSender,

    /// <summary>The sender's data directory is not the one the configuration knows.</summary>
    WrongIncarnation,

    /// <summary>The sender has restarted since: this message is a leftover.</summary>
    StaleBoot,
    UnknownKind,
    TermOutOfRange,
    IndexOutOfRange,

    /// <summary>Entries with gaps, falling terms, terms above the leader's, unknown kinds, or a missing configuration.</summary>
    MalformedEntries,

    /// <summary>Entries with a message that carries none.</summary>
    UnexpectedEntries,

    /// <summary>An entry above the size limit.</summary>
    EntryTooLarge,

    /// <summary>From a member that a committed configuration removed.</summary>
    RemovedSender,

    /// <summary>A response from somebody the configuration does not hold.</summary>
    UnknownResponder,

    /// <summary>A message of an earlier term; the sender is told the newer one.</summary>
    StaleTerm,

    /// <summary>A response to a question nobody is asking: another role, another round, another term.</summary>
    AnswersNothing,

    /// <summary>A response from an earlier membership of the sender.</summary>
    StaleSession,

    /// <summary>A response that claims more than the leader ever sent.</summary>
    MatchBeyondLog,

    /// <summary>A second leader in one term: only a forged message or a broken disk can say so.</summary>
    SecondLeaderInTerm,

    /// <summary>A commit index above everything this member holds.</summary>
    CommitBeyondLog,

    /// <summary>A vote asked for while a leader is alive.</summary>
    LeaderIsAlive,

    /// <summary>A storage operation reported that was never handed out, or reported again.</summary>
    UnknownIo,

    /// <summary>An apply report that goes back or ahead of what was handed out.</summary>
    AppliedOutOfOrder,

    /// <summary>A report about a load, snapshot or transfer that is not under way.</summary>
    NothingUnderWay,

    /// <summary>The clock was moved backwards.</summary>
    ClockWentBack,

    /// <summary>A snapshot that does not fit the log: above what is applied, or older than the one at hand.</summary>
    UnusableSnapshot,

    /// <summary>"Campaign now" from somebody who does not lead this member, or to a member that may not lead.</summary>
    NotEntitled,
}

/// <summary>How often each input was turned away since start. Numbers that only grow, for metrics and tests.</summary>
public sealed class RejectionCounters
{
    private readonly ulong[] _counts = new ulong[Enum.GetValues<Rejection>().Length];

    public ulong this[Rejection reason] => _counts[(int)reason];

    public ulong Total { get; private set; }

    internal Rejection Count(Rejection reason)
    {
        if (reason == Rejection.None) return reason;
        _counts[(int)reason]++;
        Total++;
        return reason;
    }
}
