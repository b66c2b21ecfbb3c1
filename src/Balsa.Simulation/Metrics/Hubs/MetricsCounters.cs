namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>What the course counts, and by the way it counts: attempts, redirects among them, and not what a client wanted.</summary>
public sealed class MetricsCounters
{
    /// <summary>Messages for servers: of clients, and of other servers.</summary>
    public long Messages { get; internal set; }

    public int PlannedGets { get; internal set; }

    public int PlannedPuts { get; internal set; }

    /// <summary>Planned gets that became puts because the client had stored nothing yet.</summary>
    public int GetsNotCreated { get; internal set; }

    public int Gets { get; internal set; }

    public int Puts { get; internal set; }

    public int GetFailures { get; internal set; }

    public int PutFailures { get; internal set; }

    public int GetsUnanswered { get; internal set; }

    public int PutsUnanswered { get; internal set; }

    /// <summary>Anything that no server should say: a wrong value, an unknown id, a message without its fields.</summary>
    public int Wrong { get; internal set; }

    public int Duplicates { get; internal set; }

    /// <summary>Redirects and failures.</summary>
    public int Redirects { get; internal set; }

    public int Crashed { get; internal set; }

    public int Failed { get; internal set; }

    /// <summary>Keys that clients know to be stored.</summary>
    public int Stored { get; internal set; }

    /// <summary>Of every attempt that was answered, whatever the answer.</summary>
    public List<long> Latencies { get; } = [];
}
