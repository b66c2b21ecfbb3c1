using Balsa.Bench.Store;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Bench;

/// <summary>The figures of `balsa bench store`, as text and as JSON.</summary>
internal static class BenchStoreReport
{
    internal static void Print(Output output, StoreReport report)
    {
        var beside = report.Beside;
        output.Line($"{report.PutsPerSecond / 1000,8:F0} k/s   puts of {report.Keys} new keys in random order, one thread");
        output.Line($"{report.OverwritesPerSecond / 1000,8:F0} k/s   puts of every key once more");
        output.Line($"{report.ReadsPerSecond / 1000,8:F0} k/s   reads of a key");
        output.Line($"{report.RangesPerSecond / 1000,8:F1} k/s   ranges of 100 keys");
        output.Line($"{report.OverheadBytesPerKey,8:F1} B     a key, of all memory of the process, beyond what is stored");
        output.Line($"{report.StoreOverheadBytesPerKey,8:F1} B     the same without what the process had before");
        output.Line(
            $"{report.PeakBytes / (double)(1 << 20),8:F0} MiB   memory at most; "
            + $"{report.PeakWithRestoredBytes >> 20} MiB with a restored store beside it");
        output.Line($"{report.RetainedShare * 100,8:F2} %     of the store at most held for older views");
        output.Line($"{report.HashShare * 100,8:F2} %     of the time of a put for the hashes");
        output.Line($"{report.LongestPauseMs,8:F2} ms    longest pause by the collector");
        output.Line($"{report.CompactionSeconds,8:F2} s     compaction of {report.Keys} overwritten keys");
        output.Line($"{report.SnapshotSeconds,8:F2} s     snapshot, {report.SnapshotBytes >> 20} MiB");
        output.Line($"{report.RestoreSeconds,8:F2} s     restore of it");
        output.Line(
            $"beside the compaction of {beside.RevisionsCompacted} revisions, a snapshot and {beside.FullRanges} reads of everything:");
        output.Line($"{beside.PutsPerSecond / 1000,8:F0} k/s   puts, {beside.Puts} of them");
        output.Line($"{beside.LongestSliceMs,8:F2} ms    longest slice of other work, in time of the thread");
        output.Line($"{beside.ApplyP9999Ms,8:F2} ms    between two puts at p99.99 on the wall; {beside.ApplyWorstMs:F2} ms at most");
        output.Object(json =>
        {
            json.WriteNumber("keys", report.Keys);
            json.WriteNumber("putsPerSecond", Math.Round(report.PutsPerSecond));
            json.WriteNumber("overwritesPerSecond", Math.Round(report.OverwritesPerSecond));
            json.WriteNumber("readsPerSecond", Math.Round(report.ReadsPerSecond));
            json.WriteNumber("rangesOf100PerSecond", Math.Round(report.RangesPerSecond));
            json.WriteNumber("overheadBytesPerKey", Math.Round(report.OverheadBytesPerKey, 1));
            json.WriteNumber("storeOverheadBytesPerKey", Math.Round(report.StoreOverheadBytesPerKey, 1));
            json.WriteNumber("peakBytes", report.PeakBytes);
            json.WriteNumber("peakWithRestoredBytes", report.PeakWithRestoredBytes);
            json.WriteNumber("retainedShare", Math.Round(report.RetainedShare, 5));
            json.WriteNumber("hashShare", Math.Round(report.HashShare, 4));
            json.WriteNumber("longestPauseMs", Math.Round(report.LongestPauseMs, 2));
            json.WriteNumber("compactionSeconds", Math.Round(report.CompactionSeconds, 3));
            json.WriteNumber("snapshotSeconds", Math.Round(report.SnapshotSeconds, 3));
            json.WriteNumber("snapshotBytes", report.SnapshotBytes);
            json.WriteNumber("restoreSeconds", Math.Round(report.RestoreSeconds, 3));
            json.WriteNumber("worstApplyStallMs", Math.Round(beside.ApplyWorstMs, 2));
            json.WriteNumber("applyP9999Ms", Math.Round(beside.ApplyP9999Ms, 3));
            json.WriteNumber("longestSliceMs", Math.Round(beside.LongestSliceMs, 3));
            json.WriteNumber("revisionsCompactedBeside", beside.RevisionsCompacted);
            json.WriteNumber("fullRangesBeside", beside.FullRanges);
            json.WriteNumber("putsPerSecondBeside", Math.Round(beside.PutsPerSecond));
        });
    }
}
