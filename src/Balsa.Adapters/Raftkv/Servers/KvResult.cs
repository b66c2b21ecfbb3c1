namespace Balsa.Adapters.Raftkv.Servers;

/// <summary>How an operation on a key ended.</summary>
internal enum KvEnd
{
    Done = 0,

    /// <summary>There is no such key, and so nothing was changed.</summary>
    NotFound,

    /// <summary>Another server leads, and nothing was done.</summary>
    NotLeader,

    /// <summary>Nobody led long enough, and nothing was done.</summary>
    NoLeader,

    /// <summary>It may have happened or may yet.</summary>
    Unknown,

    /// <summary>The request itself cannot be carried out.</summary>
    Refused,

    /// <summary>No room, or too much is under way; nothing was done.</summary>
    Busy,
}

/// <summary>What became of an operation on a key.</summary>
/// <param name="Text">The value, or for people why there is none.</param>
/// <param name="Leader">Who leads as far as this server knows; null when it does not know.</param>
internal sealed record KvResult(KvEnd End, string Text, string? Leader = null)
{
    /// <summary>For clients, which compare it.</summary>
    internal const string UnknownText = "outcome unknown; retry with the same RequestId", NoLeaderText = "no leader; nothing was done";

    internal bool IsDone => End == KvEnd.Done;

    internal static KvResult NotFound(string key) => new(KvEnd.NotFound, $"Key {key} not found");

    internal static KvResult Refused(string why) => new(KvEnd.Refused, why);
}
