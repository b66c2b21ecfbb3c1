namespace Balsa.Server.Protocol;

/// <summary>The only three outcomes there are.</summary>
public static class ClientOutcome
{
    public const string Done = "done", NotDone = "not-done", Unknown = "unknown";
}

/// <summary>Stable codes of what went wrong.</summary>
public static class ClientError
{
    public const string NoLeader = "E0101", NotLeader = "E0102", Busy = "E0103", Stopping = "E0104", OutcomeUnknown = "E0105",
        TimedOut = "E0106", SetAside = "E0107";
    public const string Malformed = "E0203", LogFull = "E0401", DiskFull = "E0403", TooLarge = "E0402", QuotaReached = "E0404",
        NotPossible = "E0601";

    /// <summary>About members; the last is what safety forbids.</summary>
    public const string NoSuchMember = "E0602", BadUrls = "E0603", UrlsTaken = "E0604", NoLearner = "E0605", NotLevel = "E0606",
        ChangeInProgress = "E0607", UnsafeChange = "E0608";

    /// <summary>The store says no: there is no such key, it is there already, or it was changed meanwhile.</summary>
    public const string NoSuchKey = "E0302", KeyExists = "E0301", KeyChanged = "E0303", Compacted = "E0304", FutureRevision = "E0305",
        Store = "E0306";

    /// <summary>Sessions: unknown or expired, none free, and an answer that nobody keeps any more.</summary>
    public const string SessionUnknown = "E0307", SessionLimit = "E0308", AnswerLost = "E0309";

    public const string FaultsForbidden = "E0801";
}

/// <summary>The answer to one request.</summary>
public sealed record ClientResponse
{
    public required string Outcome { get; init; }

    /// <summary>A code of <see cref="ClientError"/> unless done.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>Where the leader takes clients, as far as this member knows.</summary>
    public string? Leader { get; init; }

    public long Revision { get; init; }

    /// <summary>The session that was opened.</summary>
    public ulong Session { get; init; }

    /// <summary>The oldest revision that can be read, where it is the reason of a refusal.</summary>
    public long Oldest { get; init; }

    /// <summary>Of a read: which consistency it was served with, as in <see cref="ReadConsistencyText"/>.</summary>
    public string? Served { get; init; }

    /// <summary>Keys in the range, or keys deleted.</summary>
    public long Count { get; init; }

    /// <summary>The key was there before.</summary>
    public bool Existed { get; init; }

    public IReadOnlyList<ClientValue>? Values { get; init; }

    public bool More { get; init; }

    public NodeStatus? Status { get; init; }

    /// <summary>What the step of membership does, or would do.</summary>
    public MemberPlan? Plan { get; init; }
}

/// <summary>One key; a list leaves the value out and says how long it is.</summary>
public sealed record ClientValue(byte[] Key, byte[]? Value, int ValueBytes, long Created, long Revision, long Version);

/// <summary>What one node believes.</summary>
public sealed record NodeStatus
{
    public required string Name { get; init; }

    public required ulong Id { get; init; }

    public required string Cluster { get; init; }

    public required int Pid { get; init; }

    public required ulong Boot { get; init; }

    public required string Role { get; init; }

    public required ulong Term { get; init; }

    /// <summary>Name of the leader, or empty.</summary>
    public required string Leader { get; init; }

    public required ulong LastIndex { get; init; }

    public required ulong CommitIndex { get; init; }

    public required ulong AppliedIndex { get; init; }

    public required ulong DurableIndex { get; init; }

    public required long LogBytes { get; init; }

    public required long FramesDropped { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>The newest revision of the store that this member has applied.</summary>
    public long Revision { get; init; }

    /// <summary>Index of the newest snapshot; 0 without one.</summary>
    public ulong SnapshotIndex { get; init; }

    /// <summary>The last entry that is not in the log on disk any more.</summary>
    public ulong LogBase { get; init; }

    /// <summary>Why this member serves nobody; null when it serves.</summary>
    public string? Aside { get; init; }

    /// <summary>Alarms of the cluster: the kind and the member that raised it, such as NOSPACE n2.</summary>
    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>What an operator may type to leave out the entry that could not be applied here; null when there is none.</summary>
    public string? SkipCommand { get; init; }

    /// <summary>It fetches from the others what damage took, and does not count meanwhile.</summary>
    public bool Repairing { get; init; }

    /// <summary>An operator cut it off from the other members.</summary>
    public bool Isolated { get; init; }

    /// <summary>What a leader knows of the others; empty elsewhere.</summary>
    public IReadOnlyList<FollowerStatus> Followers { get; init; } = [];

    public required IReadOnlyList<MemberStatus> Members { get; init; }
}

/// <summary>What a leader believes about one other member.</summary>
/// <param name="HeardMs">How long ago it last answered, or how long this leader leads when it never did.</param>
public sealed record FollowerStatus(
    ulong Id, ulong Match, double HeardMs, bool Replicating, bool NeedsSnapshot, bool NotCounted, bool DiskSlow);

/// <summary>A member as one node's configuration describes it.</summary>
public sealed record MemberStatus(ulong Id, string Name, string Role, string Peer, string Client, bool Connected);
