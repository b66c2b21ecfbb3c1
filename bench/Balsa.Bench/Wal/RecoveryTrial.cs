using System.Diagnostics;
using Balsa.Storage;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Bench.Wal;

/// <param name="OpenSeconds">Until the directory is open: log read, end found, number of the start on stable media.</param>
/// <param name="ReadSeconds">Until every entry was read back and checked.</param>
public sealed record RecoveryResult(long LogBytes, long Entries, double OpenSeconds, double ReadSeconds)
{
    public double Seconds => OpenSeconds + ReadSeconds;
}

/// <summary>
/// A log of 1 GiB that a crash ended in the middle of a batch, and how long a start takes with it: opened, and every entry
/// read and kept, as the server does. The files are in the cache of the system, as after the death of a process.
/// </summary>
internal sealed class RecoveryTrial(string directory)
{
    private const long LogBytes = 1 << 30;
    private const int RecordsPerBatch = 500;
    private const int BytesMin = 256, BytesMax = 4096, Kinds = 4096;
    private const int EntriesPerLook = 4096;

    internal RecoveryResult Run(CancellationToken stop)
    {
        var path = Path.Combine(directory, "recovery");
        var records = new BenchRecords(BytesMin, BytesMax, Kinds);
        var (written, durable) = Build(path, records, stop);
        var begun = Stopwatch.GetTimestamp();
        using var opened = DataDirectory.Open(BenchRecords.Options(path));
        var isOpen = Stopwatch.GetTimestamp();
        // Kept, as the server keeps them: what the collector does with them is part of the start.
        var entries = new List<LogEntry>();
        foreach (var entry in opened.Read(opened.Log.Base.Index.Next, opened.Log.Last.Index))
        {
            entries.Add(entry);
            if (entries.Count % EntriesPerLook == 0) stop.ThrowIfCancellationRequested();
        }

        var result = new RecoveryResult(
            written, entries.Count, Stopwatch.GetElapsedTime(begun, isOpen).TotalSeconds, Stopwatch.GetElapsedTime(isOpen).TotalSeconds);
        // A start that loses something is not fast but wrong.
        if (entries.Count < durable || opened.Log.Damage is not null || opened.Log.CutBytes == 0)
            throw new InvalidOperationException($"{entries.Count} of {durable} entries came back after the crash: {opened.Log.Damage}");
        return result;
    }

    private static (long Bytes, long Entries) Build(string path, BenchRecords records, CancellationToken stop)
    {
        using var log = new DrivenLog(path, records);
        while (log.BytesWritten < LogBytes)
        {
            stop.ThrowIfCancellationRequested();
            log.Append(RecordsPerBatch, times: null);
        }

        var (bytes, durable) = (log.BytesWritten, (long)records.Last.Value);
        log.Tear(RecordsPerBatch);
        return (bytes, durable);
    }
}
