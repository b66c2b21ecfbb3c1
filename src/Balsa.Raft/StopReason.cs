namespace Balsa.Raft;

/// <summary>Why a core stopped for good. Only a restart, which reads the disk again, can help.</summary>
public enum StopReason : byte
{
    None = 0,
    WriteFailed,

    /// <summary>After a failed sync nobody knows what is on disk. Never retried.</summary>
    SyncFailed,
    CorruptRecord,
    NoSpace,

    /// <summary>Two members claim to lead the same term: a vote was forgotten or a message forged.</summary>
    SecondLeaderInTerm,

    /// <summary>The cluster was raised to a level that this build does not understand.</summary>
    UnknownFeatureLevel,

    /// <summary>A snapshot contradicts an entry that is committed here.</summary>
    ConflictingSnapshot,
    Shutdown,
}
