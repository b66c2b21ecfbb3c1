namespace Balsa.Simulation.Metrics.Hubs;

/// <summary>What a message for a server is about.</summary>
public enum MessageGroup
{
    Heartbeat,
    Append,
    Vote,

    /// <summary>Answers among servers.</summary>
    Reply,

    /// <summary>Everything else among servers: reads, snapshots, what is handed on.</summary>
    Other,

    Client,
}
