namespace Balsa.Simulation.Judging.Histories;

/// <summary>One call of one client: what it wanted, when, and what it was told. A null value means that there is no value.</summary>
public sealed record Operation
{
    /// <summary>The end of an operation that nobody saw ending.</summary>
    public const long Never = long.MaxValue;

    public required string Client { get; init; }

    public required OperationKind Kind { get; init; }

    public string Key { get; init; } = "";

    /// <summary>What is put or appended.</summary>
    public string? Value { get; init; }

    /// <summary>What a swap expects to find.</summary>
    public string? Expected { get; init; }

    /// <summary>What a get found.</summary>
    public string? Found { get; init; }

    /// <summary>Whether a replace, a swap or a delete met what it was after; null when a delete was not told.</summary>
    public bool? Met { get; init; }

    public Outcome Outcome { get; init; } = Outcome.Unknown;

    public required long Begin { get; init; }

    /// <summary>A moment may be begin and end of two operations: they overlap then.</summary>
    public long End { get; init; } = Never;

    /// <summary>The line of the file on which it begins.</summary>
    public int Line { get; init; }
}
