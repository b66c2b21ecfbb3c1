using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.Writing;

/// <summary>
/// The background work of the log: makes spare segments, and turns old ones into spares or removes them. Runs beside the
/// log, on a lane of its own, because zeros are slow.
/// </summary>
public sealed class SpareKeeper<TProbe> where TProbe : struct, IStorageProbe
{
    private readonly IoStep _io = new();
    private readonly WalOptions _options;
    private readonly SparePool _pool;
    private readonly string _directory;
    private readonly SpareMaker<TProbe> _maker;
    private readonly Queue<ulong> _found;
    private ulong _nextNumber;
    private volatile bool _stopping;

    /// <param name="found">Spares of an earlier start.</param>
    internal SpareKeeper(WalOptions options, SparePool pool, string directory, ulong nextNumber, IEnumerable<ulong> found)
    {
        (_options, _pool, _directory, _nextNumber, _found) = (options, pool, directory, nextNumber, new Queue<ulong>(found));
        _maker = new SpareMaker<TProbe>(options, directory, _io);
    }

    /// <summary>Called when there is work again; wakes the lane.</summary>
    public Action Wake { set => _pool.Wanted = value; }

    /// <summary>Ends with the piece of work that is under way. Wake the lane afterwards.</summary>
    public void Stop() => _stopping = true;

    internal IEnumerable<StoredFile> OpenFiles()
    {
        while (_pool.TryTake(out var spare)) yield return spare.File;
    }

    public IEnumerable<IoStep> Run()
    {
        while (!_stopping)
        {
            if (_found.TryDequeue(out var number))
            {
                foreach (var step in TakeIntoUse(Path.Combine(_directory, SegmentName.OfSpare(number)))) yield return step;
            }
            else if (_pool.TryTakeFreed(out var sequence))
            {
                foreach (var step in Free(sequence)) yield return step;
            }
            else if (_pool.NeedsSpare)
            {
                foreach (var step in _maker.Make(_nextNumber++, PauseTicks)) yield return step;
                if (_maker.Made is { } spare)
                {
                    _pool.Add(spare);
                }
                else
                {
                    _pool.ReportShortage();
                    yield return _io.Wait(_options.RetryTicks);
                }
            }
            else
            {
                yield return _io.Wait();
            }
        }
    }

    private long PauseTicks() => _pool.IsAwaited || _stopping ? 0 : _options.SparePauseTicks;

    private IEnumerable<IoStep> Free(ulong sequence)
    {
        var path = Path.Combine(_directory, SegmentName.OfLive(sequence));
        if (!_pool.NeedsSpare)
        {
            yield return _io.Delete(IoSite.DeleteFreed, path);
            _io.OrStop();
            yield return _io.SyncDirectory(IoSite.SyncFreedName, _directory);
            _io.OrStop();
            yield break;
        }

        var spare = Path.Combine(_directory, SegmentName.OfSpare(_nextNumber++));
        yield return _io.Rename(IoSite.RenameFreed, path, spare);
        _io.OrStop();
        // The old name must be gone for good before the file becomes another segment: it could be read as both.
        yield return _io.SyncDirectory(IoSite.SyncFreedName, _directory);
        _io.OrStop();
        foreach (var step in TakeIntoUse(spare)) yield return step;
    }

    private IEnumerable<IoStep> TakeIntoUse(string path)
    {
        var file = new StoredFile(path);
        if (_pool.NeedsSpare)
        {
            yield return _io.Open(IoSite.CreateSpare, file);
            if (!_io.Failed && _io.Count == _options.SegmentBytes)
            {
                _pool.Add(new SpareSegment(file, path, _options.SegmentBytes));
                yield break;
            }

            if (FaultTable.Of(IoSite.CreateSpare, _io.Error) != Reaction.BackPressure) _io.OrStop();
            if (file.IsOpen) yield return _io.Close(file);
            _ = _io.Error;
        }

        yield return _io.Delete(IoSite.DeleteFreed, path);
        _io.OrStop();
    }
}
