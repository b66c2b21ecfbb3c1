namespace Balsa.Bench.Store;

/// <summary>What the store did. Rates are per second of processor time of one thread.</summary>
public sealed record StoreReport
{
    public long Keys { get; init; }

    /// <summary>New keys in random order.</summary>
    public double PutsPerSecond { get; init; }

    /// <summary>Every key once more, in another random order.</summary>
    public double OverwritesPerSecond { get; init; }

    public double ReadsPerSecond { get; init; }

    /// <summary>Ranges of 100 keys.</summary>
    public double RangesPerSecond { get; init; }

    /// <summary>Of the time of a put: what the hash of the content and of the history takes.</summary>
    public double HashShare { get; init; }

    /// <summary>All memory of the process, less keys and values, after an overwrite of everything and a compaction.</summary>
    public double OverheadBytesPerKey { get; init; }

    /// <summary>The same without what the process had before there was a store.</summary>
    public double StoreOverheadBytesPerKey { get; init; }

    /// <summary>The most memory of the process, with two versions of every key before the compaction.</summary>
    public long PeakBytes { get; init; }

    /// <summary>The same with a restored store beside the first.</summary>
    public long PeakWithRestoredBytes { get; init; }

    /// <summary>The largest share of the store that was held for older views only.</summary>
    public double RetainedShare { get; init; }

    public double LongestPauseMs { get; init; }

    public double CompactionSeconds { get; init; }

    public double SnapshotSeconds { get; init; }

    public long SnapshotBytes { get; init; }

    public double RestoreSeconds { get; init; }

    public BesideReport Beside { get; init; } = new();
}

/// <summary>Puts while a compaction, a snapshot and reads of everything run beside them.</summary>
public sealed record BesideReport
{
    public long Puts { get; init; }

    public long RevisionsCompacted { get; init; }

    /// <summary>Reads of the whole range by another thread meanwhile.</summary>
    public int FullRanges { get; init; }

    /// <summary>The longest slice of other work on the applying thread, in milliseconds of its processor time.</summary>
    public double LongestSliceMs { get; init; }

    /// <summary>From the end of one apply to the end of the next, slices and publishing included, on the wall.</summary>
    public double ApplyP9999Ms { get; init; }

    public double ApplyWorstMs { get; init; }

    public double PutsPerSecond { get; init; }
}
