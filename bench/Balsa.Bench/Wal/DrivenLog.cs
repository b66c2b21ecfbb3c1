using System.Diagnostics;
using Balsa.Storage.Disks;
using Balsa.Storage.Lanes;
using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Bench.Wal;

/// <summary>
/// The log as it ships, but for its thread: the caller carries out the writer's steps, so that an append costs what the log
/// adds to the disk, and no hand-over between threads. Spare segments are made beside it on a lane, as always.
/// </summary>
internal sealed class DrivenLog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly IDisk _disk = SystemDisk.Create();
    private readonly AutoResetEvent _supplied = new(initialState: false);
    private readonly BenchRecords _records;
    private readonly OpenDirectory<NoStorageProbe> _opened;
    private readonly IEnumerator<IoStep> _steps;
    private readonly IoLane _spares;
    private volatile Exception? _failure;
    private bool _isReleased;

    internal DrivenLog(string path, BenchRecords records)
    {
        _records = records;
        var opener = new DirectoryOpener<NoStorageProbe>(BenchRecords.Options(path));
        StepRunner.Run(opener.Run(), _disk);
        _opened = opener.Opened!;
        records.ContinueAfter(_opened.Last.Index);
        _spares = new IoLane("spares", _opened.Spares.Run(), _disk, Fail);
        _opened.Spares.Wake = _spares.Wake;
        _opened.Writer.Wake = () => _supplied.Set();
        _spares.Start();
        _steps = _opened.Writer.Run(records).GetEnumerator();
        // To its first wait.
        Finish();
    }

    /// <summary>Bytes of batches that were written so far.</summary>
    internal long BytesWritten { get; private set; }

    /// <summary>Close marks that were written so far.</summary>
    internal int Closes { get; private set; }

    /// <summary>One batch, from handing over to durable, measured when times are given.</summary>
    internal void Append(int records, RoundTimes? times)
    {
        var begun = Stopwatch.GetTimestamp();
        _records.Offer(records);
        var sync = Finish();
        times?.Add(Stopwatch.GetTimestamp() - begun, sync);
    }

    /// <summary>What was written so far is given up, and the log falls idle and is closed.</summary>
    internal void Rest()
    {
        _records.OfferCompaction();
        Finish();
        _steps.Current.TimedOut = true;
        Finish();
    }

    /// <summary>The process dies in the middle of a batch: of its bytes, the first and the last third reach the disk.</summary>
    internal void Tear(int records)
    {
        _records.Offer(records);
        while (_steps.MoveNext() && _steps.Current.Site != IoSite.WriteBatch) Carry(_steps.Current);
        var (file, offset, bytes) = (_steps.Current.File!, _steps.Current.Offset, _steps.Current.Bytes);
        var torn = new IoStep();
        var third = bytes.Length / 3;
        _disk.Execute(torn.Write(IoSite.WriteBatch, file, offset, bytes[..third]));
        torn.OrStop();
        _disk.Execute(torn.Write(IoSite.WriteBatch, file, offset + 2 * third, bytes[(2 * third)..]));
        torn.OrStop();
        Dispose();
    }

    /// <summary>Lets go of the files, without a word in them.</summary>
    public void Dispose()
    {
        if (_isReleased) return;
        _isReleased = true;
        _opened.Spares.Stop();
        _spares.Wake();
        _spares.Join();
        StepRunner.Run(_opened.Release(), _disk);
        _steps.Dispose();
        _supplied.Dispose();
    }

    /// <summary>Goes on until the log waits for records, and answers how long the last sync took.</summary>
    private long Finish()
    {
        long sync = 0;
        while (_steps.MoveNext())
        {
            var step = _steps.Current;
            if (step.Kind == StepKind.Wait && _records.IsDurable) return sync;
            var begun = Stopwatch.GetTimestamp();
            Carry(step);
            if (step.Site == IoSite.SyncBatch) sync = Stopwatch.GetTimestamp() - begun;
        }

        throw new InvalidOperationException("The log's writer has ended during the benchmark.");
    }

    private void Carry(IoStep step)
    {
        if (step.Kind == StepKind.Wait)
        {
            // In the middle of a batch it waits for a spare segment only.
            var isSupplied = _supplied.WaitOne(Patience);
            if (_failure is { } failure) throw new IOException(failure.Message, failure);
            if (!isSupplied) throw new IOException($"There was no other file for the log within {Patience.TotalSeconds} s: no more room?");
            return;
        }

        if (step.Site == IoSite.WriteBatch) BytesWritten += step.Bytes.Length;
        if (step.Site == IoSite.WriteClose) Closes++;
        _disk.Execute(step);
    }

    private void Fail(Exception problem)
    {
        _failure = problem;
        _supplied.Set();
    }
}
