using Balsa.Bench.Measuring;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.Bench.Store;

/// <summary>Fills a store with keys in random order and measures what it does with them. One thread, unless it says otherwise.</summary>
public sealed class StoreBenchmark
{
    private const int ReadsMax = 1_000_000, RangesMax = 50_000, RangeKeys = 100, HistoryMax = 1_000_000, StepsAtOnce = 500;
    private const long WarmUpKeys = 3000;

    private readonly StoreOptions _options;
    private readonly KeyValueStore<NoStoreProbe> _store;
    private readonly StoreLoad _load;
    private readonly PauseMeter _pauses = new();
    private readonly ByteWriter _answer = new();
    private readonly List<ulong> _room = [];
    private readonly Action<string> _tell;
    private readonly long _before = ProcessMemory.Resident;

    /// <param name="discard">How memory goes back to the system, as in a server.</param>
    /// <param name="tell">Told which part comes next: a run takes a while.</param>
    public StoreBenchmark(long keys, Action<ulong[]> discard, Action<string> tell)
    {
        _options = new StoreOptions { Discard = discard };
        _store = new KeyValueStore<NoStoreProbe>(_options);
        _load = new StoreLoad(_store, keys);
        _tell = tell;
    }

    /// <summary>A small run, after which all code has been compiled once: a first call is no property of the store.</summary>
    public static void WarmUp(Action<ulong[]> discard) => new StoreBenchmark(WarmUpKeys, discard, _ => { }).Run();

    public StoreReport Run()
    {
        var keys = _load.Keys;
        var report = new StoreReport { Keys = keys };
        _tell("putting new keys");
        report = report with { PutsPerSecond = keys / Put(0, keys) };
        _tell("reading");
        report = report with { ReadsPerSecond = Reads / ReadPoints(), RangesPerSecond = Ranges / ReadRanges() };
        _tell("putting every key once more");
        report = report with { OverwritesPerSecond = keys / Put(keys / 3, keys) };
        _tell("compacting");
        report = report with { CompactionSeconds = Compact() };
        var stored = keys * (StoreLoad.KeyBytes + StoreLoad.ValueBytes);
        var resident = ProcessMemory.Resident;
        report = report with
        {
            OverheadBytesPerKey = (double)(resident - stored) / keys,
            StoreOverheadBytesPerKey = (double)(resident - _before - stored) / keys,
            RetainedShare = (double)_load.RetainedMax / _store.Sizes.Allocated, HashShare = HashSeconds() * report.PutsPerSecond,
        };
        _tell("putting beside a compaction, a snapshot and reads of everything");
        Put(keys / 5, Math.Min(keys, HistoryMax));
        report = report with { Beside = new BesideTrial(_store, _load, _pauses).Run(Math.Min(keys, HistoryMax) / 2) };
        report = report with { PeakBytes = ProcessMemory.Peak };
        Compact();
        _tell("writing a snapshot and restoring it");
        report = Snapshot(report);
        return report with { LongestPauseMs = _pauses.Longest.TotalMilliseconds, PeakWithRestoredBytes = ProcessMemory.Peak };
    }

    private long Reads => Math.Min(ReadsMax, _load.Keys);

    private long Ranges => Math.Min(RangesMax, _load.Keys);

    private double Put(long from, long count)
    {
        var seconds = 0.0;
        for (var done = 0L; done < count; done += StoreLoad.BatchPuts * 16)
        {
            seconds += _load.Put(from + done, Math.Min(StoreLoad.BatchPuts * 16, count - done));
            _pauses.Look();
        }

        return seconds;
    }

    private double ReadPoints()
    {
        var begin = ThreadClock.Now;
        for (var i = 0; i < Reads; i++)
        {
            _answer.Clear();
            _load.View!.Range(new RangeQuery { Key = _load.KeyAt(i) }, _answer, _room);
        }

        _pauses.Look();
        return (ThreadClock.Now - begin) / 1e9;
    }

    private double ReadRanges()
    {
        var begin = ThreadClock.Now;
        for (var i = 0; i < Ranges; i++)
        {
            _answer.Clear();
            _load.View!.Range(new RangeQuery { Key = _load.KeyAt(i), End = "\0"u8, Limit = RangeKeys }, _answer, _room);
            _pauses.Look();
        }

        return (ThreadClock.Now - begin) / 1e9;
    }

    private double Compact()
    {
        _load.Compact();
        var begin = ThreadClock.Now;
        bool hasMore;
        do
        {
            _load.Publish(ReaderFloor.None);
            hasMore = _store.Work(StepsAtOnce);
            _pauses.Look();
        }
        while (hasMore);
        return (ThreadClock.Now - begin) / 1e9;
    }

    /// <summary>For a put: the hash of the content and the two of the history.</summary>
    private static double HashSeconds()
    {
        const int Rounds = 200_000;
        var (entry, sum) = (new byte[StoreLoad.KeyBytes + StoreLoad.ValueBytes], 0UL);
        var (envelope, answer) = (new byte[Raft.Log.EntryEnvelope.Bytes], new byte[6]);
        var begin = ThreadClock.Now;
        for (var i = 0; i < Rounds; i++)
        {
            var (key, value) = (entry.AsMemory(0, StoreLoad.KeyBytes), entry.AsMemory(StoreLoad.KeyBytes));
            sum += Hash64.OfKeyValue(key.Span, value.Span, i, i, 1, 0);
            sum = Hash64.Join(Hash64.Join(sum, Hash64.Of(envelope)), Hash64.Of(answer));
        }

        GC.KeepAlive(sum);
        return (ThreadClock.Now - begin) / 1e9 / Rounds;
    }

    /// <summary>What is written is restored at once: a snapshot of a large store need not fit beside both stores.</summary>
    private StoreReport Snapshot(StoreReport report)
    {
        var buffer = new byte[256 << 10];
        var writer = _store.BeginSnapshot() ?? throw new InvalidOperationException("Another snapshot is being written.");
        var reader = new SnapshotReader<NoStoreProbe>(_options);
        var (writing, reading, bytes) = (0L, 0L, 0L);
        while (true)
        {
            var begin = ThreadClock.Now;
            var count = writer.Read(buffer, int.MaxValue);
            var written = ThreadClock.Now;
            writing += written - begin;
            if (count < 0) break;
            if (!reader.TryTake(buffer.AsSpan(0, count))) throw new InvalidOperationException(reader.Problem);
            reading += ThreadClock.Now - written;
            bytes += count;
            _pauses.Look();
        }

        writer.Close();
        if (!reader.TryFinish(out var restored) || restored!.ContentHash != _store.ContentHash)
            throw new InvalidOperationException($"The restored store is not the one that was written: {reader.Problem}");
        return report with { SnapshotSeconds = writing / 1e9, RestoreSeconds = reading / 1e9, SnapshotBytes = bytes };
    }
}
