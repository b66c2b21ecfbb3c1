using System.Diagnostics;
using Balsa.Storage;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Bench.Wal;

/// <param name="OpenSeconds">Until the directory is open: log read, end found, number of the start on stable media.</param>
/// <param name="ReadSeconds">Until every entry was read back and checked.</param>
/// <param name="CpuSeconds">What the process used meanwhile, all threads: on a busy machine the rest was waiting for a processor.</param>
public sealed record RecoveryResult(long LogBytes, long Entries, double OpenSeconds, double ReadSeconds, double CpuSeconds)
{
    public double Seconds => OpenSeconds + ReadSeconds;

    /// <summary>Of all starts: the first one runs code that is not optimised yet.</summary>
    public double SlowestSeconds { get; init; }
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
    private const int Starts = 3;

    /// <summary>The median of a few crashes and starts.</summary>
    internal RecoveryResult Run(CancellationToken stop)
    {
        var path = Path.Combine(directory, "recovery");
        var records = new BenchRecords(BytesMin, BytesMax, Kinds);
        var bytes = Build(path, records, stop);
        var starts = new List<RecoveryResult>();
        for (var i = 0; i < Starts; i++)
        {
            var durable = Crash(path, records);
            // A process that starts has no memory yet: what the last one had is given back to the system.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            starts.Add(Start(path, bytes, durable, stop));
        }

        var slowest = starts.Max(start => start.Seconds);
        return starts.OrderBy(start => start.Seconds).ElementAt(Starts / 2) with { SlowestSeconds = slowest };
    }

    private static RecoveryResult Start(string path, long bytes, long durable, CancellationToken stop)
    {
        var processor = Environment.CpuUsage.TotalTime;
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

        var read = Stopwatch.GetElapsedTime(isOpen).TotalSeconds;
        var used = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        // A start that loses something is not fast but wrong.
        if (entries.Count < durable || opened.Log.Damage is not null || opened.Log.CutBytes == 0)
            throw new InvalidOperationException($"{entries.Count} of {durable} entries came back after the crash: {opened.Log.Damage}");
        return new RecoveryResult(bytes, entries.Count, Stopwatch.GetElapsedTime(begun, isOpen).TotalSeconds, read, used);
    }

    private static long Build(string path, BenchRecords records, CancellationToken stop)
    {
        using var log = new DrivenLog(path, records);
        while (log.BytesWritten < LogBytes)
        {
            stop.ThrowIfCancellationRequested();
            log.Append(RecordsPerBatch, times: null);
        }

        return log.BytesWritten;
    }

    /// <summary>One whole batch, and one in the middle of which the process dies; answers which entries must come back.</summary>
    private static long Crash(string path, BenchRecords records)
    {
        using var log = new DrivenLog(path, records);
        log.Append(RecordsPerBatch, times: null);
        var durable = (long)records.Last.Value;
        log.Tear(RecordsPerBatch);
        return durable;
    }
}
