namespace Balsa.Raft.Effects;

/// <summary>Names one request of the host. Every one that goes in comes out again exactly once, as a completion.</summary>
public readonly record struct Correlation(ulong Value)
{
    public static Correlation None => default;

    public bool IsNone => Value == 0;
}

/// <summary>What became of a request. There is no fourth answer, and "unknown" is never reported as failure.</summary>
public enum Verdict : byte
{
    /// <summary>It happened, and a majority holds it on stable media.</summary>
    Done = 1,

    /// <summary>It certainly did not happen and never will.</summary>
    NotDone = 2,

    /// <summary>It may have happened, or may yet. Repeat it only with the same session and request id.</summary>
    Unknown = 3,
}

/// <summary>Why a request was not done, or why nobody knows.</summary>
public enum Reason : byte
{
    None = 0,
    NotLeader,
    NoLeader,
    LeadershipLost,

    /// <summary>The leader has not committed an entry of its own term yet. Try again at once.</summary>
    LeaderNotReady,

    /// <summary>A queue is full. Try again later.</summary>
    Busy,
    TooLarge,
    TransferInProgress,
    TimedOut,
    SnapshotInstalled,
    Stopped,
    Malformed,

    /// <summary>The configuration is not the one the caller saw.</summary>
    ConfigurationConflict,

    /// <summary>Another membership change is still under way.</summary>
    ChangeInProgress,

    /// <summary>The change itself makes no sense; the configuration error says why.</summary>
    ImpossibleChange,

    /// <summary>The cluster's settings forbid it.</summary>
    NotPermitted,

    /// <summary>Not a voter, or a voter that must not lead now (repairing, slow disk).</summary>
    NotEligible,

    /// <summary>Somebody else leads now.</summary>
    AnotherLeader,

    /// <summary>The campaign ended without a majority; whether somebody else won is not known.</summary>
    ElectionLost,

    /// <summary>This member does not serve: its state is in doubt, or lost.</summary>
    SetAside,
}

/// <summary>The answer to one correlation.</summary>
public readonly record struct Outcome(Verdict Verdict, Reason Reason)
{
    public static Outcome Done => new(Verdict.Done, Reason.None);

    public static Outcome NotDone(Reason reason) => new(Verdict.NotDone, reason);

    public static Outcome Unknown(Reason reason) => new(Verdict.Unknown, reason);

    public override string ToString() => Reason == Reason.None ? $"{Verdict}" : $"{Verdict} ({Reason})";
}
