namespace Balsa.Server.Protocol;

/// <summary>What a client can ask for. Text on the wire, so that a human can read a trace.</summary>
public static class ClientOperation
{
    public const string Put = "put", Get = "get", Delete = "delete", List = "list", Status = "status", MoveLeader = "move-leader";
}

/// <summary>One request of the interim client protocol: JSON behind a length. Bytes travel as base64.</summary>
public sealed record ClientRequest
{
    public required string Op { get; init; }

    /// <summary>The key, or the prefix of a list.</summary>
    public byte[] Key { get; init; } = [];

    public byte[] Value { get; init; } = [];

    /// <summary>How many keys a list may return.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Read whatever this member has applied, without asking anybody: may be stale.</summary>
    public bool Local { get; init; }

    /// <summary>The member that shall lead; 0 lets the leader choose.</summary>
    public ulong Target { get; init; }

    public int TimeoutMs { get; init; } = 5000;
}
