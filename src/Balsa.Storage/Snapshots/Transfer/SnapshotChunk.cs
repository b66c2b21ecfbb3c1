using Balsa.Raft.Log;

namespace Balsa.Storage.Snapshots.Transfer;

/// <summary>A piece of a snapshot's file on its way to another member, of any length, cut anywhere.</summary>
public readonly record struct SnapshotChunk(EntryId Snapshot, long FileBytes, long Offset, ReadOnlyMemory<byte> Bytes)
{
    public bool IsLast => Offset + Bytes.Length == FileBytes;
}

/// <summary>
/// What a receiver holds of a snapshot and has checked: so many bytes, and a checksum that vouches for all of them.
/// Nothing held is offset 0 and checksum 0.
/// </summary>
public readonly record struct SnapshotResume(EntryId Snapshot, long Offset, uint Checksum);

/// <summary>What became of a chunk. Whatever it was, what had arrived before is as it was.</summary>
public enum ChunkAnswer : byte
{
    None = 0,
    Accepted,

    /// <summary>It belongs to another snapshot, or to another file of that name.</summary>
    OtherSnapshot,

    /// <summary>Something before it has not arrived.</summary>
    Gap,

    /// <summary>It begins with what is here already.</summary>
    Overlap,

    /// <summary>It goes beyond the end of the file.</summary>
    BeyondEnd,

    /// <summary>The content is wrong: the sender's file is damaged. What was accepted since the last border is forgotten.</summary>
    Damaged,

    /// <summary>The transfer has not begun, or has ended.</summary>
    NotUnderWay,

    /// <summary>The transfer is given up, and what had arrived is deleted.</summary>
    DiskFailed,
}
