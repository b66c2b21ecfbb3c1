using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Simulation.Storage;

/// <summary>One operation of the storage stream on its way to the platter.</summary>
internal readonly record struct StorageOperation(EffectKind Kind, IoSeq Io)
{
    internal HardState HardState { get; init; }

    /// <summary>Where a truncation begins, or the boundary of a compaction.</summary>
    internal LogIndex Index { get; init; }

    internal SnapshotRecord? Snapshot { get; init; }

    internal StoredEntry[]? Entries { get; init; }

    internal int Count { get; init; }
}
