using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Writing;

/// <summary>
/// The log's one writer: takes everything that waits as a batch, writes it with one write, syncs once, says so, and does
/// the same again. When nothing comes it closes the log; when a segment is full it goes on in the next. The first error
/// ends it, and nothing is ever tried twice.
/// </summary>
public sealed class WalWriter<TProbe> where TProbe : struct, IStorageProbe
{
    private readonly IoStep _io = new();
    private readonly WalOptions _options;
    private readonly DirectoryIdentity _owner;
    private readonly string _directory;
    private readonly LogState _state;
    private readonly SparePool _pool;
    private readonly WalBatch _batch;
    private readonly RecordSealer<TProbe> _sealer;
    private readonly NextSegment<TProbe> _next;
    private readonly byte[] _mark = new byte[CloseMark.Bytes];
    private LiveSegment _live;
    private volatile bool _stopping;

    internal WalWriter(WalOptions options, DirectoryIdentity owner, string directory, LogState state, LiveSegment live, SparePool pool)
    {
        (_options, _owner, _directory, _state, _live, _pool) = (options, owner, directory, state, live, pool);
        _batch = new WalBatch(options);
        _sealer = new RecordSealer<TProbe>(owner, state);
        _next = new NextSegment<TProbe>(options, owner, directory, state, _io);
    }

    /// <summary>Called when there is work again; wakes the lane.</summary>
    public Action Wake { set => _pool.Supplied = value; }

    internal StoredFile File => _live.File;

    /// <summary>
    /// There is no room for another segment, and what is left of this one is kept for terms and votes: entries should be
    /// refused until that changes. May be asked by any thread.
    /// </summary>
    public bool IsShort => IsShortOf(0);

    /// <summary>The same, when so many bytes are still to come: what is under way would take the room of terms and votes, too.</summary>
    public bool IsShortOf(long bytes) => _pool.IsShort && _pool.Ready == 0 && _live.Room - bytes < _options.ReserveBytes;

    /// <summary>
    /// With so many bytes more, the log would have to wait for a segment of which nobody knows yet whether there is room for
    /// it. Terms and votes would wait behind them.
    /// </summary>
    public bool IsUnsureOf(long bytes)
    {
        // A record that does not fit leaves the end of its segment empty, so a spare counts for half.
        var certain = _live.Room + _pool.Ready * (_options.SegmentBytes / 2L);
        return certain - bytes < _options.ReserveBytes / 4;
    }

    /// <summary>Writes what waits, closes the log and ends. Wake the lane afterwards.</summary>
    public void Stop() => _stopping = true;

    public IEnumerable<IoStep> Run(IWalSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var isIdle = false;
        while (true)
        {
            // Asked before the source is: what comes before the stop is written.
            var stops = _stopping;
            source.Fill(_batch);
            if (_batch.IsEmpty)
            {
                if (stops) break;
                if (isIdle)
                {
                    foreach (var step in CloseLog()) yield return step;
                }

                yield return _io.Wait(_live.IsClosed ? Timeout.Infinite : _options.CloseAfterTicks);
                isIdle = _io.TimedOut;
                continue;
            }

            if (Plants(StorageMutant.AcknowledgedBeforeSync)) source.OnDurable();
            while (!_batch.IsPlaced)
            {
                var bytes = _batch.Place(_sealer, _live, Plants(StorageMutant.LegalOneRecordPerBatch) ? 1 : int.MaxValue);
                if (bytes.Length == 0)
                {
                    foreach (var step in Advance()) yield return step;
                    continue;
                }

                if (Plants(StorageMutant.FreedBeforeMarkIsDurable)) FreeSegments();
                yield return _io.Write(IoSite.WriteBatch, _live.File, _live.End - bytes.Length, bytes);
                if (TriesAgain(StorageMutant.FailedWriteTriedAgain))
                    yield return _io.Write(IoSite.WriteBatch, _live.File, _live.End - bytes.Length, bytes);
                _io.OrStop();
                if (Plants(StorageMutant.PartOfBatchAcknowledged)) source.OnDurable();
                if (Plants(StorageMutant.CloseBeforeSync)) yield return WriteMark(leftForNext: false);
                yield return _io.Sync(IoSite.SyncBatch, _live.File);
                if (TriesAgain(StorageMutant.FailedSyncTriedAgain)) yield return _io.Sync(IoSite.SyncBatch, _live.File);
                if (!TriesAgain(StorageMutant.SyncErrorIgnored)) _io.OrStop();
                _live.Durable = _live.End;
            }

            // The node stops, and the batch was dropped. What else waits belongs behind it and is not asked for.
            if (_batch.IsEmpty) break;
            _batch.Clear();
            _state.Map.MarkReadable();
            if (!Plants(StorageMutant.AcknowledgedBeforeSync)) source.OnDurable();
            FreeSegments();
            isIdle = Plants(StorageMutant.LegalCloseAfterEveryBatch);
        }

        foreach (var step in CloseLog()) yield return step;
        yield return _io.Close(_live.File);
        _ = _io.Error;
    }

    private static bool Plants(StorageMutant mutant) => default(TProbe).Plants(mutant);

    private bool TriesAgain(StorageMutant mutant) => Plants(mutant) && _io.Failed;

    /// <summary>Goes on in a spare segment, waiting for one if need be. When the node stops meanwhile, the batch is dropped: nobody was
    /// told that it is durable.</summary>
    private IEnumerable<IoStep> Advance()
    {
        SpareSegment spare;
        while (!_pool.TryTake(out spare))
        {
            if (_stopping)
            {
                _batch.Clear();
                yield break;
            }

            yield return _io.Wait();
        }

        var left = _live;
        foreach (var step in _next.Begin(spare, left)) yield return step;
        yield return WriteMark(leftForNext: true);
        _io.OrStop();
        yield return _io.Sync(IoSite.SyncClose, left.File);
        _io.OrStop();
        yield return _io.Close(left.File);
        _ = _io.Error;
        _live = _next.Begun!;
    }

    /// <summary>From here on, damage to anything that was written is no longer taken for a torn end.</summary>
    private IEnumerable<IoStep> CloseLog()
    {
        if (_live.IsClosed || Plants(StorageMutant.CloseNeverWritten)) yield break;
        yield return WriteMark(leftForNext: false);
        _io.OrStop();
        yield return _io.Sync(IoSite.SyncClose, _live.File);
        _io.OrStop();
        _live.ClosedUpTo = _live.End;
    }

    private IoStep WriteMark(bool leftForNext)
    {
        _live.CloseNumber++;
        var offset = CloseMark.OffsetOf(_live.CloseNumber, _live.BlockBytes);
        var durable = Plants(StorageMutant.CloseBeforeSync) ? _live.End : _live.Durable;
        if (Plants(StorageMutant.CloseClaimsTooMuch)) durable += RecordHeader.Bytes;
        new CloseMark(_live.CloseNumber, durable, _live.Chain, _state.Epoch)
        {
            Group = _options.Group, Promises = _state.Promises, LeftForNext = leftForNext,
        }.Write(_mark, new SegmentSalt<TProbe>(_owner.Incarnation, _live.Sequence), offset);
        return _io.Write(IoSite.WriteClose, _live.File, offset, _mark);
    }

    /// <summary>Segments before the base are done with; the base says so on stable media, or the next start would miss them.</summary>
    private void FreeSegments()
    {
        var needed = _state.Oldest + (Plants(StorageMutant.FreedTooFar) ? 1UL : 0);
        while (_state.Segments.Count > 1 && _state.Segments[0].Sequence < needed)
        {
            _pool.Free(_state.Segments[0].Sequence);
            _state.Segments.RemoveAt(0);
        }
    }
}
