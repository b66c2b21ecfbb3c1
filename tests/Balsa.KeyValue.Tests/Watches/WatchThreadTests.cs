using System.Buffers.Binary;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Store;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>
/// The store applies, compacts and frees on one thread while the hub reads on another; each value says which revision wrote it, so
/// memory that was freed too early shows.
/// </summary>
public sealed class WatchThreadTests
{
    private const int Commands = 40_000, Batch = 32, Keys = 50;

    private readonly Lock _lock = new();
    private StoreView? _published;
    private ReaderFloor _floor;
    private bool _isOver;

    [Fact]
    public void The_hub_may_live_on_a_thread_of_its_own()
    {
        var driver = new StoreDriver<NoStoreProbe>();
        var hub = new WatchHub<NoStoreProbe>(driver.Store.Publish(ReaderFloor.None), new WatchHubOptions());
        var (live, past) = (new CountingSink(), new CountingSink());
        hub.Create(hub.Open(live), new WatchRequest { Key = "k"u8, End = "l"u8, Options = WatchOptions.Previous });
        _floor = hub.Floor;
        Exception? failure = null;
        var reader = new Thread(() => failure = Xunit.Record.Exception(() => Follow(hub, past)));
        reader.Start();
        try
        {
            Apply(driver);
        }
        finally
        {
            lock (_lock) _isOver = true;
            reader.Join();
        }

        Assert.Null(failure);
        Assert.Equal(Commands, live.Events);
        // How many depends on the turns that the thread got; the last watchers at least have caught up.
        Assert.NotEqual(0, past.Events);
    }

    private void Apply(StoreDriver<NoStoreProbe> driver)
    {
        var random = new Random(5);
        for (var i = 0; i < Commands; i++)
        {
            var key = $"k{random.Next(Keys)}";
            var revision = driver.Store.Revision + 1;
            if (random.Next(4) == 0) driver.Delete(key);
            if (driver.Store.Revision < revision) Put(driver, key, revision, random.Next(300));
            if (i % Batch != 0) continue;
            if (random.Next(20) == 0) driver.Compact(driver.Store.Revision - random.Next(100));
            Publish(driver);
            driver.Store.Work(200);
        }

        Publish(driver);
    }

    private static void Put(StoreDriver<NoStoreProbe> driver, string key, long revision, int more)
    {
        var value = new byte[8 + more];
        BinaryPrimitives.WriteInt64LittleEndian(value, revision);
        value.AsSpan(8).Fill((byte)revision);
        driver.Put(key, StoreDriver<NoStoreProbe>.Text(value));
    }

    private void Publish(StoreDriver<NoStoreProbe> driver)
    {
        lock (_lock) _published = driver.Store.Publish(_floor);
    }

    private void Follow(WatchHub<NoStoreProbe> hub, CountingSink past)
    {
        var stream = hub.Open(past);
        for (var turn = 0; ; turn++)
        {
            var (view, isOver) = Take();
            if (view is not null) hub.Advance(view);
            lock (_lock) _floor = hub.Floor;
            if (turn % 8 == 0) Watch(hub, stream, turn);
            var more = hub.Work(200);
            if (isOver && view is null && !more) return;
        }
    }

    private static void Watch(WatchHub<NoStoreProbe> hub, WatchStream stream, int turn)
    {
        hub.Cancel(stream, turn - 63);
        var start = Math.Max(1, hub.Published - 300);
        var key = WatchText.Bytes($"k{turn % Keys}");
        var request = turn % 16 == 0
            ? new WatchRequest { Key = "k"u8, End = "l"u8, Start = start, WatchId = turn + 1, Options = WatchOptions.Previous }
            : new WatchRequest { Key = key, Start = start, WatchId = turn + 1, Options = WatchOptions.Previous };
        hub.Create(stream, request);
    }

    private (StoreView? View, bool IsOver) Take()
    {
        lock (_lock)
        {
            var view = _published;
            _published = null;
            return (view, _isOver);
        }
    }

    private sealed class CountingSink : IWatchSink
    {
        private readonly Dictionary<long, long> _last = [];

        public long Events { get; private set; }

        public bool TryTake(in WatchBatch batch)
        {
            foreach (var one in batch.Events)
            {
                Check(one.Kv);
                if (one.HasPrevious) Check(one.Previous);
                if (one.HasPrevious && one.Previous.Modified >= one.Kv.Modified) throw new InvalidOperationException("a later previous");
                var last = _last.GetValueOrDefault(batch.WatchId);
                if (one.Kv.Modified <= last) throw new InvalidOperationException($"{one.Kv.Modified} comes after {last}");
                _last[batch.WatchId] = one.Kv.Modified;
                Events++;
            }

            return true;
        }

        private static void Check(in Balsa.KeyValue.Store.Record kv)
        {
            var isWhole = kv.IsDelete || (BinaryPrimitives.ReadInt64LittleEndian(kv.Value) == kv.Modified
                && kv.Value[8..].IndexOfAnyExcept((byte)kv.Modified) < 0);
            if (!isWhole || kv.Key[0] != 'k') throw new InvalidOperationException($"revision {kv.Modified} is not as it was written");
        }
    }
}
