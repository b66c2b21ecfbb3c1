namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>
/// What a metrics file says: a cluster, its clients, what happens to it, and what is demanded. The first fourteen are the keys
/// of the course, the others are ours and have a default.
/// </summary>
public sealed record Experiment
{
    public required string Name { get; init; }

    /// <summary>The program of a server; "raft.py" and "builtin" both mean this node.</summary>
    public required string ServerCode { get; init; }

    /// <summary>The largest share of planned gets that may become puts because their client had stored nothing yet.</summary>
    public required double GetsNotCreatedMax { get; init; }

    /// <summary>How many of the appends may travel together: below that there was too little traffic to believe in.</summary>
    public required double AppendsBatched { get; init; }

    public required double GetsUnansweredMax { get; init; }

    public required double PutsUnansweredMax { get; init; }

    public required int Clients { get; init; }

    public required double Seconds { get; init; }

    public required int Servers { get; init; }

    public required int Requests { get; init; }

    /// <summary>How probable it is that a planned request is a get.</summary>
    public required double GetShare { get; init; }

    /// <summary>Seconds at the beginning in which there are only heartbeats.</summary>
    public required double QuietStart { get; init; }

    /// <summary>Seconds at the end in which nobody asks for anything new.</summary>
    public required double QuietEnd { get; init; }

    /// <summary>More messages than this are taken for a storm, and end the run.</summary>
    public required int MessagesMax { get; init; }

    public required IReadOnlyList<ExperimentAction> Actions { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>The share of messages that get lost.</summary>
    public double Loss { get; init; }

    /// <summary>About how long a message takes, in one direction.</summary>
    public double DelayMs { get; init; } = 0.5;

    public double HeartbeatMs { get; init; } = 50;

    public double ElectionTimeoutMs { get; init; } = 300;

    /// <summary>The share of requests that go to any server although the leader is known.</summary>
    public double AskAnyone { get; init; }

    public bool IsBuiltin => ServerCode is "raft.py" or "builtin";

    /// <summary>Seconds between two requests.</summary>
    public double Spacing => (Seconds - QuietStart - QuietEnd) / Requests;
}
