namespace Balsa.Storage.Snapshots.Retention;

/// <summary>What a data directory takes on the disk.</summary>
/// <param name="LogBytes">Segments of the log with entries in them.</param>
/// <param name="SpareBytes">Segments that are ready for entries to come.</param>
/// <param name="SnapshotBytes">Snapshots that are kept.</param>
/// <param name="OtherBytes">What is being written or arriving, and everything else.</param>
public readonly record struct DiskFootprint(long LogBytes, long SpareBytes, long SnapshotBytes, long OtherBytes)
{
    public long TotalBytes => LogBytes + SpareBytes + SnapshotBytes + OtherBytes;
}
