using Balsa.Raft.Log;

namespace Balsa.Storage.Snapshots.Retention;

/// <summary>A place from which somebody may still need the log, and how much log there is behind it.</summary>
public readonly record struct LogPoint(LogIndex Index, long LogBytesAfter);

/// <summary>
/// Decides when a snapshot is due and how far the log may be compacted. Writing a snapshot costs as many bytes as the
/// state has; waiting for half of that in log bytes keeps everything that is written below four times the log.
/// </summary>
/// <remarks>
/// Let the log grow by L since the last snapshot, of S bytes. One is due when L > S / 2. The new one has at most S + L
/// bytes, because content comes from the log. So log and snapshot together write at most L + S + L &lt; 4 L.
/// </remarks>
public sealed class RetentionPolicy(RetentionOptions options)
{
    public bool IsSnapshotDue(long logBytesSince, ulong entriesSince, long lastSnapshotBytes)
    {
        if (entriesSince == 0) return false;
        return logBytesSince > Math.Max(options.LogBytesBetween, lastSnapshotBytes / 2)
            || (options.SnapshotCount is { } count && entriesSince >= count);
    }

    /// <summary>
    /// The last entry that the log may drop: the oldest of the kept snapshots and of what running transfers send, but the
    /// bytes behind it stay within the bound. Never beyond the newest snapshot, which needs the log behind it whatever it
    /// takes.
    /// </summary>
    /// <param name="snapshots">Those that are durable and usable.</param>
    /// <param name="transfers">For each running transfer, the snapshot that it sends.</param>
    public LogIndex CompactionBoundary(ReadOnlySpan<LogPoint> snapshots, ReadOnlySpan<LogPoint> transfers)
    {
        var newest = LogIndex.Zero;
        foreach (var snapshot in snapshots) newest = LogIndex.Larger(newest, snapshot.Index);
        return Lowest(snapshots, Lowest(transfers, newest));
    }

    private LogIndex Lowest(ReadOnlySpan<LogPoint> points, LogIndex lowest)
    {
        foreach (var point in points)
            if (point.LogBytesAfter <= options.LogBytesKept) lowest = LogIndex.Smaller(lowest, point.Index);
        return lowest;
    }
}
