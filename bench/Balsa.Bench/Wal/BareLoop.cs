using System.Diagnostics;
using Balsa.Storage.Disks;
using Balsa.Storage.Steps;

namespace Balsa.Bench.Wal;

/// <summary>
/// What the disk can do at best: write so many bytes behind the last ones, sync, and again, in a file whose every block has
/// been written before, so that a sync moves no metadata. The log is measured against this.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private const int ZerosAtOnce = 1 << 20;
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly IoStep _step = new();
    private readonly StoredFile _file;
    private readonly byte[] _bytes;
    private readonly long _fileBytes;
    private long _offset;

    /// <param name="path">A new file, made here and deleted at the end. Its directory decides which disk is measured.</param>
    /// <param name="fileBytes">After so many bytes the loop begins at the front again, as the log does with its segments.</param>
    internal BareLoop(string path, int bytesPerWrite, long fileBytes)
    {
        (_file, _fileBytes, _bytes) = (new StoredFile(path), fileBytes, new byte[bytesPerWrite]);
        // No zeros: a disk may have a short way for those.
        new Random(bytesPerWrite).NextBytes(_bytes);
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

    /// <summary>One write and one sync, measured when times are given.</summary>
    internal void Round(RoundTimes? times)
    {
        if (_offset + _bytes.Length > _fileBytes) _offset = 0;
        var begun = Stopwatch.GetTimestamp();
        Do(_step.Write(IoSite.WriteBatch, _file, _offset, _bytes));
        var written = Stopwatch.GetTimestamp();
        Do(_step.Sync(IoSite.SyncBatch, _file));
        var synced = Stopwatch.GetTimestamp();
        times?.Add(synced - begun, synced - written);
        _offset += _bytes.Length;
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
