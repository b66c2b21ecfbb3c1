namespace Balsa.Simulation.Judging.Histories;

/// <summary>One line of a history: a client begins something, or is told how it ended.</summary>
internal readonly record struct HistoryEvent
{
    internal required int Line { get; init; }

    internal required string Client { get; init; }

    /// <summary>What begins; null when something ends.</summary>
    internal Operation? Begun { get; init; }

    internal Outcome Outcome { get; init; }

    /// <summary>Adds what a return tells to the operation that it ends; null when it tells nothing.</summary>
    internal Func<Operation, Operation>? Answer { get; init; }

    /// <summary>Null when the lines are their own clock.</summary>
    internal long? Time { get; init; }
}
