namespace Balsa.Adapters.Lan;

/// <summary>What became of a request at the node.</summary>
public enum LanVerdict
{
    Done,

    /// <summary>The get was carried out, and nothing is there.</summary>
    NoSuchKey,

    /// <summary>Nothing happened, because this node does not lead.</summary>
    NotLeader,

    /// <summary>Nothing happened, for another reason.</summary>
    Refused,

    /// <summary>It may have happened.</summary>
    Unknown,
}

/// <param name="Value">What a get has found.</param>
public readonly record struct LanResult(LanVerdict Verdict, string? Value = null);
