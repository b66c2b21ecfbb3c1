namespace Balsa.Storage.Snapshots.Retention;

/// <summary>When to make a snapshot, and how much log to keep for those that are not level.</summary>
public sealed record RetentionOptions
{
    /// <summary>A snapshot is not made before the log has grown by this much, however small the last one was.</summary>
    public long LogBytesBetween { get; init; } = 64L << 20;

    /// <summary>A snapshot is made after so many entries as well, whatever it costs. None by default.</summary>
    public ulong? SnapshotCount { get; init; }

    /// <summary>
    /// The log is cut behind the newest snapshot when more than this would be kept for the sake of older snapshots and
    /// running transfers: a transfer that falls behind it begins again, a full disk stops the node.
    /// </summary>
    public long LogBytesKept { get; init; } = 4L << 30;
}
