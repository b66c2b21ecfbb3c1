using Balsa.Raft;

namespace Balsa.Replica;

/// <summary>What a host needs to know beside the core's own options.</summary>
public sealed record ReplicaOptions
{
    public required RaftOptions Raft { get; init; }

    /// <summary>
    /// Without snapshots the log only grows, on disk and in memory. From here on writes are refused; at half of it a
    /// warning is printed.
    /// </summary>
    public long LogBytesMax { get; init; } = 1L << 30;

    /// <summary>Inputs that wait for the pump; more are turned away.</summary>
    public int InboxMax { get; init; } = 8192;

    /// <summary>For how long a stopping leader waits for its successor.</summary>
    public TimeSpan HandoverMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lines for the operator.</summary>
    public Action<string> Note { get; init; } = _ => { };
}
