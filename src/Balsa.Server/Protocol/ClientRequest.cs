namespace Balsa.Server.Protocol;

/// <summary>What a client can ask for. Text on the wire, so that a human can read a trace.</summary>
public static class ClientOperation
{
    public const string Put = "put", Get = "get", Delete = "delete", List = "list", Compact = "compact", Status = "status",
        MoveLeader = "move-leader", Members = "members", OpenSession = "open-session", CloseSession = "close-session";

    /// <summary>The member asked drops everything between it and the others, or does so no longer; only where faults are allowed.</summary>
    public const string Isolate = "isolate", Heal = "heal";
}

/// <summary>One request of the interim client protocol: JSON behind a length. Bytes travel as base64.</summary>
public sealed record ClientRequest
{
    public required string Op { get; init; }

    /// <summary>The key, or the prefix of a list or of a delete.</summary>
    public byte[] Key { get; init; } = [];

    /// <summary>All keys that begin with the key are meant.</summary>
    public bool IsPrefix { get; init; }

    /// <summary>Of a put: only if the key was last changed at this revision; 0: only if it is not there.</summary>
    public long? IfRevision { get; init; }

    /// <summary>Of a put: only if the key is there.</summary>
    public bool MustExist { get; init; }

    /// <summary>Of a list: with values. Of a put: with what was there before.</summary>
    public bool WithValues { get; init; }

    /// <summary>Of a read: the state at this revision; 0: now. Of a compaction: forget what is older.</summary>
    public long Revision { get; init; }

    public byte[] Value { get; init; } = [];

    /// <summary>How many keys a list may return.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Read whatever this member has applied, without asking anybody: may be stale.</summary>
    public bool Local { get; init; }

    /// <summary>Of a read: a word of <see cref="ReadConsistencyText"/>; without one, <see cref="Local"/> decides.</summary>
    public string? Consistency { get; init; }

    /// <summary>The member that shall lead; 0 lets the leader choose.</summary>
    public ulong Target { get; init; }

    /// <summary>What shall become of which member.</summary>
    public MemberRequest? Member { get; init; }

    public int TimeoutMs { get; init; } = 5000;

    /// <summary>Of a write: the session in which it runs once however often it is sent; 0 for none.</summary>
    public ulong Session { get; init; }

    /// <summary>Which request of the session; the numbers of new requests only grow.</summary>
    public ulong Request { get; init; }

    /// <summary>Of a session that is opened: how long it lives without a sign of its client.</summary>
    public long SessionSeconds { get; init; } = 60;
}
