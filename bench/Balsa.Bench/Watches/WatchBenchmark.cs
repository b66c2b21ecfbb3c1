using System.Buffers.Text;
using Balsa.Bench.Measuring;
using Balsa.Bench.Store;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Bench.Watches;

/// <summary>
/// Watches over the real store: many on a key each, many on one key, many that catch up from an old revision. Only the hub is
/// timed; the store applies and publishes in batches as a server does.
/// </summary>
public sealed class WatchBenchmark
{
    private const int BatchPuts = 256, StreamWatchers = 1000, ValueBytes = 256, KeyBytes = 32, GroupKeys = 10;
    private static readonly byte[] Prefix = "/registry/watch/"u8.ToArray();

    private readonly KeyValueStore<NoStoreProbe> _store = new(new StoreOptions());
    private readonly WatchHub<NoStoreProbe> _hub;
    private readonly List<WatchStream> _streams = [];
    private readonly List<CheckingSink> _sinks = [];
    private readonly CommandCodec _codec = new();
    private readonly byte[] _value = new byte[ValueBytes];
    private ulong _index;
    private long _nanoseconds;
    private long _allocated;
    private long _eventsBefore;
    private double _bytesPerWatcher;

    private WatchBenchmark()
    {
        _hub = new WatchHub<NoStoreProbe>(_store.Publish(ReaderFloor.None), new WatchHubOptions());
        Publish();
    }

    /// <summary>So many watchers, each on a key of its own; puts go to these keys in random order.</summary>
    public static WatchBenchResult ManyKeys(int watchers = 100_000, int revisions = 300_000)
    {
        var bench = new WatchBenchmark();
        bench.Open(watchers, number => new WatchRequest { Key = Key(number) });
        var order = new Permutation(watchers);
        bench.Write(revisions / 10, at => order.At(at % watchers));
        bench.Restart();
        bench.Write(revisions, at => order.At(at % watchers));
        return bench.Result("one watcher a key", watchers, revisions, revisions + (revisions / 10));
    }

    /// <summary>So many watchers, all on one key.</summary>
    public static WatchBenchResult OneKey(int watchers = 1000, int revisions = 5000)
    {
        var bench = new WatchBenchmark();
        bench.Open(watchers, _ => new WatchRequest { Key = Key(0) });
        bench.Write(revisions / 10, _ => 0);
        bench.Restart();
        bench.Write(revisions, _ => 0);
        return bench.Result("all watchers on one key", watchers, revisions, (revisions + (revisions / 10)) * (long)watchers);
    }

    /// <summary>So many watchers of ten keys each, who all begin with the first of a hundred thousand revisions.</summary>
    public static WatchBenchResult CatchUp(int watchers = 10_000, int revisions = 100_000, int keys = 1000)
    {
        var bench = new WatchBenchmark();
        var order = new Permutation(keys);
        bench.Write(revisions, at => order.At(at % keys));
        bench.Restart();
        bench.Open(watchers, number => new WatchRequest
        {
            Key = Key(number * GroupKeys % keys), End = Key((number * GroupKeys % keys) + GroupKeys), Start = 2,
        });
        bench.Work();
        return bench.Result("catching up", watchers, revisions, (long)watchers * revisions * GroupKeys / keys);
    }

    private delegate WatchRequest RequestOf(long number);

    private static byte[] Key(long number)
    {
        var key = new byte[KeyBytes];
        Prefix.CopyTo(key, 0);
        Utf8Formatter.TryFormat(number, key.AsSpan(Prefix.Length), out _, new System.Buffers.StandardFormat('D', KeyBytes - 16));
        return key;
    }

    private void Open(int watchers, RequestOf request)
    {
        for (var at = 0; at < watchers; at += StreamWatchers)
        {
            _sinks.Add(new CheckingSink(StreamWatchers));
            _streams.Add(_hub.Open(_sinks[^1]));
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var at = 0; at < watchers; at++) _hub.Create(_streams[at / StreamWatchers], request(at));
        _bytesPerWatcher = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)watchers;
    }

    private void Write(int revisions, Func<long, long> keyOf)
    {
        for (var done = 0; done < revisions;)
        {
            var batch = Math.Min(BatchPuts, revisions - done);
            for (var i = 0; i < batch; i++) Put(keyOf(done + i));
            done += batch;
            Publish();
            Work();
        }
    }

    private void Put(long number)
    {
        var entry = _codec.Put(new PutCommand { Key = Key(number), Value = _value });
        EntryEnvelope.TryRead(entry, out var envelope, out var command);
        _store.Apply(new EntryId(new Term(1), new LogIndex(++_index)), envelope, command);
    }

    private void Publish() => _hub.Advance(_store.Publish(_hub.Floor));

    private void Work()
    {
        var (began, allocated) = (ThreadClock.Now, GC.GetAllocatedBytesForCurrentThread());
        while (_hub.Work(1000))
        {
        }

        _nanoseconds += ThreadClock.Now - began;
        _allocated += GC.GetAllocatedBytesForCurrentThread() - allocated;
    }

    private long Events => _sinks.Sum(sink => sink.Events);

    private void Restart() => (_nanoseconds, _allocated, _eventsBefore) = (0, 0, Events);

    private WatchBenchResult Result(string name, int watchers, long revisions, long expected)
    {
        var events = Events - _eventsBefore;
        var seconds = _nanoseconds / 1e9;
        return new WatchBenchResult(
            name, watchers, revisions, events, seconds, events / seconds, revisions / seconds, _bytesPerWatcher,
            (double)_allocated / events, expected - Events, _sinks.Sum(sink => sink.Doubled), _sinks.Sum(sink => sink.OutOfOrder));
    }
}
