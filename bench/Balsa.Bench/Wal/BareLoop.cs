using System.Diagnostics;
using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Bench.Wal;

/// <param name="BytesPerWrite">Of each round, which is one write and one sync.</param>
/// <param name="RoundTicks">How long each round took, ascending, in ticks of 100 ns.</param>
/// <param name="SyncTicks">The part of each round that the sync took, ascending.</param>
public sealed record BareLoopResult(int BytesPerWrite, double Seconds, long[] RoundTicks, long[] SyncTicks)
{
    public double RoundsPerSecond => RoundTicks.Length / Seconds;

    /// <param name="share">0.5 is the median.</param>
    public static double Microseconds(long[] ascending, double share) =>
        ascending[(int)Math.Min(share * ascending.Length, ascending.Length - 1)] / (double)TimeSpan.TicksPerMicrosecond;
}

/// <summary>
/// What the disk can do at best: write so many bytes behind the last ones, sync, and again, in a file whose every block has
/// been written before, so that a sync moves no metadata. The log is measured against this.
/// </summary>
public sealed class BareLoop : IDisposable
{
    private const int ZerosAtOnce = 1 << 20;
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly IoStep _step = new();
    private readonly StoredFile _file;
    private readonly long _fileBytes;
    private long _offset;

    /// <param name="path">A new file, made here and deleted at the end. Its directory decides which disk is measured.</param>
    /// <param name="fileBytes">After so many bytes the loop begins at the front again, as the log does with its segments.</param>
    public BareLoop(string path, long fileBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fileBytes, 1);
        (_file, _fileBytes) = (new StoredFile(path), fileBytes);
        Do(_step.Create(IoSite.CreateSpare, _file));
        try
        {
            WriteZeros();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs so many rounds and measures each.</summary>
    public BareLoopResult Run(int bytesPerWrite, int rounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerWrite, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytesPerWrite, _fileBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        // No zeros: a disk may have a short way for those.
        var bytes = new byte[bytesPerWrite];
        new Random(bytesPerWrite).NextBytes(bytes);
        var (roundTicks, syncTicks) = (new long[rounds], new long[rounds]);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < rounds; i++)
        {
            if (_offset + bytesPerWrite > _fileBytes) _offset = 0;
            var begun = Stopwatch.GetTimestamp();
            Do(_step.Write(IoSite.WriteBatch, _file, _offset, bytes));
            var written = Stopwatch.GetTimestamp();
            Do(_step.Sync(IoSite.SyncBatch, _file));
            var synced = Stopwatch.GetTimestamp();
            roundTicks[i] = Stopwatch.GetElapsedTime(begun, synced).Ticks;
            syncTicks[i] = Stopwatch.GetElapsedTime(written, synced).Ticks;
            _offset += bytesPerWrite;
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.Sort(roundTicks);
        Array.Sort(syncTicks);
        return new BareLoopResult(bytesPerWrite, seconds, roundTicks, syncTicks);
    }

    public void Dispose()
    {
        if (!_file.IsOpen) return;
        // What was measured is over; a file that stays behind is seen by whoever looks.
        _disk.Execute(_step.Close(_file));
        _ = _step.Error;
        _disk.Execute(_step.Delete(IoSite.DeleteLeftover, _file.Path));
        _ = _step.Error;
    }

    /// <summary>Really written and synced: blocks that are only reserved would cost the first sync over each of them extra.</summary>
    private void WriteZeros()
    {
        var zeros = new byte[Math.Min(ZerosAtOnce, _fileBytes)];
        for (long at = 0; at < _fileBytes; at += zeros.Length)
        {
            var count = (int)Math.Min(zeros.Length, _fileBytes - at);
            Do(_step.Write(IoSite.ZeroSpare, _file, at, zeros.AsMemory(0, count)));
        }

        Do(_step.Sync(IoSite.SyncSpare, _file));
        Do(_step.SyncDirectory(IoSite.SyncSpareName, Path.GetDirectoryName(Path.GetFullPath(_file.Path))!));
    }

    private void Do(IoStep step)
    {
        _disk.Execute(step);
        step.OrStop();
    }
}
