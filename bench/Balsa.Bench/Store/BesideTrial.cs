using System.Diagnostics;
using Balsa.Bench.Measuring;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.Bench.Store;

/// <summary>
/// Puts go on while the applying thread also compacts a million revisions and writes a snapshot, in slices between batches,
/// and another thread reads the whole range again and again from one view after the other.
/// </summary>
internal sealed class BesideTrial(KeyValueStore<NoStoreProbe> store, StoreLoad load, PauseMeter pauses)
{
    private const int StepsAtOnce = 200, PageKeys = 1000, SliceKeys = 1_000_000;

    private readonly byte[] _buffer = new byte[256 << 10];
    private readonly Durations _gaps = new();
    private long _longestSlice;
    private int _fullRanges;
    private StoreView? _shared;
    private StoreView? _inUse;
    private volatile bool _isOver;

    /// <summary>The history since the last compaction is what this one frees.</summary>
    internal BesideReport Run(long putsMin)
    {
        var revisions = store.Revision - Math.Max(0, store.Compacted);
        load.Compact();
        load.Publish(ReaderFloor.None);
        Volatile.Write(ref _shared, load.View);
        var snapshot = store.BeginSnapshot() ?? throw new InvalidOperationException("Another snapshot is being written.");
        var reader = new Thread(ReadEverything) { IsBackground = true };
        reader.Start();
        // A larger store gets more slices a batch, or its snapshot would take so long that the puts meanwhile fill the memory.
        var slices = Math.Max(1, load.Keys / SliceKeys);
        var (puts, seconds) = (0L, 0.0);
        var (isCompacting, isWriting) = (true, true);
        while (isCompacting || isWriting || puts < putsMin || Volatile.Read(ref _fullRanges) == 0)
        {
            seconds += load.Put(puts, StoreLoad.BatchPuts, _gaps.Add, FloorOfReader, () =>
            {
                for (var slice = 0L; slice < slices && isWriting; slice++)
                    isWriting = Slice(() => snapshot.Read(_buffer, StepsAtOnce) >= 0);
                if (!isWriting) snapshot.Close();
                if (isCompacting) isCompacting = Slice(() => store.Work(StepsAtOnce)) || isWriting;
            });
            Volatile.Write(ref _shared, load.View);
            puts += StoreLoad.BatchPuts;
            pauses.Look();
        }

        _isOver = true;
        reader.Join();
        return new BesideReport
        {
            Puts = puts, RevisionsCompacted = revisions, FullRanges = _fullRanges, LongestSliceMs = _longestSlice / 1e6,
            ApplyP9999Ms = _gaps.Milliseconds(0.9999), ApplyWorstMs = Durations.ToMilliseconds(_gaps.Largest),
            PutsPerSecond = puts / seconds,
        };
    }

    /// <summary>One slice of other work, in time of this thread. True while there is more.</summary>
    private bool Slice(Func<bool> work)
    {
        var begin = ThreadClock.Now;
        var hasMore = work();
        _longestSlice = Math.Max(_longestSlice, ThreadClock.Now - begin);
        return hasMore;
    }

    /// <summary>What is shared may be taken any time; what is in use was shared before.</summary>
    private ReaderFloor FloorOfReader()
    {
        var used = Volatile.Read(ref _inUse) ?? Volatile.Read(ref _shared);
        var shared = Volatile.Read(ref _shared);
        return new ReaderFloor(
            Math.Min(used!.Floor.Epoch, shared!.Floor.Epoch), Math.Min(used.Floor.Revision, shared.Floor.Revision));
    }

    private void ReadEverything()
    {
        var (page, room) = (new ByteWriter(), new List<ulong>());
        while (!_isOver)
        {
            StoreView view;
            do
            {
                view = Volatile.Read(ref _shared)!;
                Interlocked.Exchange(ref _inUse, view);
            }
            while (!ReferenceEquals(view, Volatile.Read(ref _shared)));
            byte[] key = [0];
            while (!_isOver && ReadPage(view, ref key, page, room))
            {
                // To the end.
            }

            if (!_isOver) Interlocked.Increment(ref _fullRanges);
        }
    }

    /// <summary>Without making objects of it: this thread shall read, not feed the collector.</summary>
    private static bool ReadPage(StoreView view, ref byte[] key, ByteWriter page, List<ulong> room)
    {
        page.Clear();
        view.Range(new RangeQuery { Key = key, End = "\0"u8, Limit = PageKeys }, page, room);
        var from = new ByteReader(page.Written);
        var (error, _, _, more) = (from.Byte(), from.Number(), from.Number(), from.Byte() != 0);
        var last = default(ReadOnlySpan<byte>);
        for (var left = from.Varint(); left > 0; left--)
        {
            last = from.Bytes();
            var (_, _, _, value) = (from.Number(), from.Number(), from.Number(), from.Bytes().Length);
            if (from.Number() != 0 || value != StoreLoad.ValueBytes) throw new InvalidOperationException("A value is not what was put.");
        }

        if (error != 0 || !from.EndedWell) throw new InvalidOperationException("A page cannot be read.");
        key = [.. last, 0];
        return more;
    }
}
