using System.Diagnostics;

namespace Balsa.Bench.Wal;

/// <summary>What `balsa bench wal` measures.</summary>
public sealed record WalBenchResult(WalDuelResult Single, WalDuelResult Batch, RecoveryResult Recovery)
{
    /// <summary>How many times as long a batch takes as one record.</summary>
    public double BatchPerSingle => new BlockRatios(Batch.BlockP50Us, Single.BlockP50Us).Median;
}

/// <summary>
/// The log against the disk under it, and a start after a crash. Everything is written into a directory of its own below
/// the given one, which is gone at the end.
/// </summary>
public static class WalBenchmark
{
    /// <summary>Room that must be there: the log of the start, and what the contenders keep ready.</summary>
    public const long BytesNeeded = 3L << 30;

    private const int RecordsPerBatch = 100;
    private const int TurnsMin = 4;

    /// <param name="duration">For the comparisons; the start takes what it takes.</param>
    /// <param name="progress">Is told what is measured next.</param>
    /// <exception cref="OperationCanceledException">It was stopped; nothing is left behind.</exception>
    public static WalBenchResult Run(string directory, TimeSpan duration, Action<string> progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        var own = Path.Combine(directory, $"balsa-bench-wal-{Environment.ProcessId}");
        Directory.CreateDirectory(own);
        try
        {
            progress($"one record and batches of {RecordsPerBatch}, log and bare loop in turn");
            var (single, batch) = Compare(own, duration, stop);
            progress("a start with a log of 1 GiB, once it is written");
            return new WalBenchResult(single, batch, new RecoveryTrial(own).Run(stop));
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private static (WalDuelResult Single, WalDuelResult Batch) Compare(string directory, TimeSpan duration, CancellationToken stop)
    {
        using var single = new WalDuel(directory, records: 1);
        using var batch = new WalDuel(directory, RecordsPerBatch);
        single.WarmUp(stop);
        batch.WarmUp(stop);
        var begun = Stopwatch.GetTimestamp();
        for (var turn = 0; turn < TurnsMin || Stopwatch.GetElapsedTime(begun) < duration; turn++)
        {
            stop.ThrowIfCancellationRequested();
            single.Turn(turn);
            batch.Turn(turn);
        }

        return (single.Result(), batch.Result());
    }
}
