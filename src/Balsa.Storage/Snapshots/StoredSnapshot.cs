using Balsa.Raft.Log;
using Balsa.Storage.Snapshots.Format;

namespace Balsa.Storage.Snapshots;

/// <summary>How much of a stored snapshot has been looked at in this process.</summary>
public enum SnapshotCheck : byte
{
    Nothing = 0,
    Head,

    /// <summary>All of it, or this process wrote it.</summary>
    Whole,
}

/// <summary>One snapshot that is durable under its name.</summary>
public sealed class StoredSnapshot(EntryId id, long bytes)
{
    public EntryId Id { get; } = id;

    public long Bytes { get; internal set; } = bytes;

    public SnapshotHead? Head { get; internal set; }

    public SnapshotCheck Check { get; internal set; }

    /// <summary>Why it cannot be used.</summary>
    public SnapshotProblem? Problem { get; internal set; }

    public bool IsUsable => Problem is null;

    public override string ToString() => $"snapshot {Id}, {Bytes} bytes, {Check} checked{(Problem is null ? "" : ", unusable")}";
}
