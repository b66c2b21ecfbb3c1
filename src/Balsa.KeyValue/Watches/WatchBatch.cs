namespace Balsa.KeyValue.Watches;

/// <summary>One response to a client: an answer, a sign of progress, or events. Valid during the call that gives it.</summary>
public readonly ref struct WatchBatch
{
    /// <summary>-1: no watcher, because the request was refused or the answer is for the whole stream.</summary>
    public long WatchId { get; init; }

    /// <summary>For the header. 0 when the watcher was cancelled because its past is gone.</summary>
    public long Revision { get; init; }

    public bool Created { get; init; }

    public bool Canceled { get; init; }

    /// <summary>More of the same batch follows at once.</summary>
    public bool Fragment { get; init; }

    /// <summary>A part of a batch whose beginning was taken.</summary>
    public bool Continued { get; init; }

    /// <summary>Not 0: the watcher was cancelled because everything before this revision is gone.</summary>
    public long CompactRevision { get; init; }

    /// <summary>Null or empty: no reason is told.</summary>
    public string? CancelReason { get; init; }

    /// <summary>To be walked with foreach, any number of times.</summary>
    public WatchEvents Events { get; init; }
}
