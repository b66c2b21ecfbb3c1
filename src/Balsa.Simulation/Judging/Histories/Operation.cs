namespace Balsa.Simulation.Judging.Histories;

/// <summary>One call of one client: what it wanted, when, and what it was told. A null value means that there is no value.</summary>
public sealed record Operation
{
    /// <summary>The end of an operation that nobody saw ending.</summary>
    public const long Never = long.MaxValue;

    public required string Client { get; init; }

    public required OperationKind Kind { get; init; }

    public string Key { get; init; } = "";

    /// <summary>Of a range or a delete: the first key behind it; null for the one key, empty for all that follow.</summary>
    public string? RangeEnd { get; init; }

    /// <summary>What is put or appended.</summary>
    public string? Value { get; init; }

    /// <summary>What a swap expects to find.</summary>
    public string? Expected { get; init; }

    /// <summary>At which revision a conditional put expects the last change of its key; 0 when it shall not be there.</summary>
    public long IfRevision { get; init; }

    /// <summary>The lease that is meant, or that the key of a put hangs on; 0 for none.</summary>
    public long Lease { get; init; }

    /// <summary>How long a granted lease lives, in the unit of the times.</summary>
    public long TimeToLive { get; init; }

    /// <summary>How many keys a range may return; 0 for all.</summary>
    public int Limit { get; init; }

    /// <summary>A read that may be answered from an earlier state.</summary>
    public bool IsStale { get; init; }

    public IReadOnlyList<Compare> Compares { get; init; } = [];

    public IReadOnlyList<Part> Then { get; init; } = [];

    public IReadOnlyList<Part> Else { get; init; } = [];

    /// <summary>What a get found.</summary>
    public string? Found { get; init; }

    /// <summary>The revision at which what a get found was written, 0 when nothing is there; null when it was not told.</summary>
    public long? Modified { get; init; }

    /// <summary>What a range found, by key.</summary>
    public IReadOnlyList<Item>? Items { get; init; }

    /// <summary>Whether a condition held, a delete met anything or a lease was there; null when it was not told.</summary>
    public bool? Met { get; init; }

    /// <summary>The revision that a change got, or that was read; null when it was not told.</summary>
    public long? Revision { get; init; }

    public Outcome Outcome { get; init; } = Outcome.Unknown;

    public required long Begin { get; init; }

    /// <summary>A moment may be begin and end of two operations: they overlap then.</summary>
    public long End { get; init; } = Never;

    /// <summary>The line of the file on which it begins.</summary>
    public int Line { get; init; }
}
