namespace Balsa.KeyValue.Watches;

/// <summary>A response without events, small enough to be kept until there is room.</summary>
internal readonly record struct WatchAnswer(long WatchId, long Revision)
{
    public const string EmptyRange = "mvcc: watcher range is empty";
    public const string DuplicateId = "mvcc: duplicate watch ID provided on the WatchStream";

    public bool Created { get; init; }

    public bool Canceled { get; init; }

    public long CompactRevision { get; init; }

    public string? Reason { get; init; }

    public bool TrySend(IWatchSink sink) => sink.TryTake(new WatchBatch
    {
        WatchId = WatchId, Revision = Revision, Created = Created, Canceled = Canceled,
        CompactRevision = CompactRevision, CancelReason = Reason,
    });
}
