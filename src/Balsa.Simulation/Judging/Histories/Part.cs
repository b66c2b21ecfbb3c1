namespace Balsa.Simulation.Judging.Histories;

/// <summary>One thing of a transaction: what is asked of a key or of a range of keys, and what was answered.</summary>
public sealed record Part
{
    /// <summary>Get, Put, Append, Delete or Range.</summary>
    public required OperationKind Kind { get; init; }

    public string Key { get; init; } = "";

    /// <summary>Of a range or a delete: the first key behind it; null for the one key, empty for all that follow.</summary>
    public string? End { get; init; }

    public string? Value { get; init; }

    /// <summary>Of a put: the lease that the key hangs on from now on; 0 for none.</summary>
    public long Lease { get; init; }

    /// <summary>How many keys a range may return; 0 for all.</summary>
    public int Limit { get; init; }

    /// <summary>What a get found.</summary>
    public string? Found { get; init; }

    /// <summary>The revision at which what a get found was written, 0 when nothing is there; null when it was not told.</summary>
    public long? Modified { get; init; }

    /// <summary>Whether a delete met anything; null when it was not told.</summary>
    public bool? Met { get; init; }

    /// <summary>What a range found, by key.</summary>
    public IReadOnlyList<Item>? Items { get; init; }

    internal bool Covers(string key) => End switch
    {
        null => key == Key,
        "" => string.CompareOrdinal(key, Key) >= 0,
        _ => string.CompareOrdinal(key, Key) >= 0 && string.CompareOrdinal(key, End) < 0,
    };
}

/// <summary>A key that a range found. Modified is null when it was not told.</summary>
public sealed record Item(string Key, string Value, long? Modified = null);

/// <summary>What a comparison of a transaction looks at.</summary>
public enum CompareTarget
{
    Value,
    Modified,
    Created,
    Version,
}

/// <summary>A comparison of a transaction: what a key has, against a text or a number.</summary>
/// <param name="Sign">Below zero for less, above for greater, 0 for equal, null for not equal.</param>
public sealed record Compare(string Key, CompareTarget Target, int? Sign, string? Text, long Number)
{
    internal bool IsAboutPresence => Target != CompareTarget.Value && Number == 0 && Sign is null or >= 0;
}
