using Balsa.Raft.Log;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Nodes;

/// <summary>A node's snapshots on their way in and out.</summary>
internal sealed class NodeSnapshots
{
    /// <summary>The one that a leader announced; streams of others are not taken.</summary>
    internal EntryId Offered { get; set; }

    /// <summary>The one that arrived last, whole.</summary>
    internal SnapshotRecord? Received { get; set; }

    /// <summary>How much of which snapshot is here already: where a broken stream resumes.</summary>
    internal EntryId PartlyHere { get; set; }

    internal int ChunksHere { get; set; }

    /// <summary>The newest state that a snapshot was begun of.</summary>
    internal LogIndex TakenAt { get; set; }

    internal void BeginBoot(LogIndex applied)
    {
        (Offered, Received) = (EntryId.Start, null);
        TakenAt = applied;
    }
}
