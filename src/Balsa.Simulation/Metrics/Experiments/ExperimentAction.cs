namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>What an experiment does to its cluster at a moment.</summary>
public sealed record ExperimentAction
{
    public required ActionKind Kind { get; init; }

    /// <summary>As it stands in the file.</summary>
    public required string Category { get; init; }

    /// <summary>Seconds from the start of the run.</summary>
    public required double At { get; init; }

    public FailureMode Mode { get; init; }

    /// <summary>Seconds after which it is undone; null for never, or until another action does.</summary>
    public double? Duration { get; init; }

    /// <summary>The server that is meant, by its place from 0; null when the kind of action says it.</summary>
    public int? Server { get; init; }

    /// <summary>Of a drop: the share of messages that get lost. Of a delay: the milliseconds.</summary>
    public double Amount { get; init; }
}

public enum ActionKind
{
    FailLeader,
    FailFollower,

    /// <summary>Starts a failed server again, or all of them.</summary>
    Restart,

    /// <summary>The leader keeps the majority.</summary>
    PartitionEasy,

    /// <summary>The leader is on the smaller side.</summary>
    PartitionHard,

    /// <summary>One server alone.</summary>
    Isolate,

    /// <summary>Ends partitions, losses and delays.</summary>
    Heal,
    Drop,
    Delay,

    /// <summary>A server stands still for a while, and goes on as if nothing had been.</summary>
    Pause,

    /// <summary>All servers lose their power at once, and start again a little later.</summary>
    PowerCut,
}

/// <summary>How a server fails.</summary>
public enum FailureMode
{
    /// <summary>Killed.</summary>
    Crash,

    /// <summary>Asked to end, which it does in good order.</summary>
    Stop,

    /// <summary>It stands still.</summary>
    Pause,
}
