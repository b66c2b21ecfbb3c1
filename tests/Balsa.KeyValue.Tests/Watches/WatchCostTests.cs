using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>What watches cost: no allocation an event, one scan for many, bounded memory a watcher.</summary>
public sealed class WatchCostTests
{
    private readonly TestLog _log = new();
    private readonly CountingSink _sink = new();
    private readonly WatchHub<NoStoreProbe> _hub;
    private readonly WatchStream _stream;

    public WatchCostTests()
    {
        _hub = new WatchHub<NoStoreProbe>(_log.Publish(ReaderFloor.None), new WatchHubOptions { HistoricRevisionsMax = 20 });
        _stream = _hub.Open(_sink);
    }

    [Fact]
    public void A_delivered_event_allocates_nothing()
    {
        for (var i = 0; i < 20; i++) Watch("a", "", 0, WatchOptions.Previous);
        for (var i = 0; i < 20; i++) Watch("a", "c", 0, WatchOptions.Fragment);
        Assert.Equal(0, BytesOf(revisions: 500));
        Assert.Equal(3 * 500 * 60, _sink.Events);
    }

    [Fact]
    public void A_caught_up_event_allocates_nothing()
    {
        Write(500);
        Drain();

        // The first times all buffers grow to their size; from then on they are used again. What the runtime takes for itself
        // now and then, when it compiles once more, is no property of the hub: the least of the rounds counts.
        var least = long.MaxValue;
        for (var round = 1; round <= 8; round++)
        {
            for (var i = 0; i < 50; i++) Watch("a", "c", start: 2);
            _sink.Events = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            Drain();
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal(50 * 1000, _sink.Events);
            least = Math.Min(least, bytes);
        }

        Assert.InRange(least, 0, 2000);
    }

    [Fact]
    public void Thousands_who_catch_up_from_the_same_revision_share_one_scan()
    {
        Write(2000);
        Drain();
        for (var i = 0; i < 5000; i++) Watch("x", "z", start: 2);
        _sink.Events = 0;
        Drain();
        Watch("x", "z", start: 2);
        var view = _log.Publish(_hub.Floor);
        _hub.Advance(view);
        for (var i = 0; i < 5000; i++) Watch("x", "z", start: 2);
        Drain();

        // 4000 events, each read once and its revision looked at a few times; not 5000 times as often.
        Assert.InRange(view.Reads, 4000, 5 * 4000);
        Assert.Equal(0, _sink.Events);
    }

    [Fact]
    public void A_watcher_of_a_key_costs_little_memory()
    {
        const int Count = 16_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++) Watch($"key/{i:d8}", "", 0);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Count;

        // With all the smaller tables that were outgrown on the way, and the texts that this test makes.
        Assert.InRange(bytes, 100, 1000);
    }

    [Fact]
    public void Slow_watchers_hold_no_events()
    {
        const int Count = 2000;
        for (var i = 0; i < Count; i++) Watch("a", "c", 0);
        Drain();
        _sink.IsFull = true;
        Write(1);
        Drain();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Write(1);
            Drain();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        _sink.IsFull = false;
        _sink.Events = 0;
        _hub.Resume(_stream);
        Drain();
        Assert.Equal(2 * 101 * Count, _sink.Events);
    }

    [Fact]
    public void Room_for_one_response_does_not_stir_up_all_who_wait()
    {
        const int Count = 5000;
        for (var i = 0; i < Count; i++) Watch("a", "c", 0);
        Drain();
        _sink.IsFull = true;
        Write(1);
        Drain();
        _sink.Events = 0;
        for (var i = 1; i <= 20; i++)
        {
            (_sink.IsFull, _sink.Room) = (false, 1);
            _hub.Resume(_stream);
            var steps = 1;
            while (_hub.Work(1)) steps++;
            Assert.Equal(2 * i, _sink.Events);
            Assert.InRange(steps, 1, 500);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_large_revision_for_many_does_not_all_leave_in_one_call(long start)
    {
        if (start == 0) WatchAll();
        _log.Write([.. Enumerable.Range(0, 1000).Select(number => $"k{number:d4}")]);
        _hub.Advance(_log.Publish(_hub.Floor));
        Drain();
        _sink.Events = 0;
        if (start > 0) WatchAll();
        else _log.Write([.. Enumerable.Range(0, 1000).Select(number => $"-k{number:d4}")]);
        _hub.Advance(_log.Publish(_hub.Floor));
        long most = 0;
        for (var more = true; more;)
        {
            var before = _sink.Events;
            more = _hub.Work(100);
            most = Math.Max(most, _sink.Events - before);
        }

        // Five bytes a key: one response a call, not fifty.
        Assert.Equal(50 * 1000 * 5, _sink.Events);
        Assert.InRange(most, 0, 1000 * 5);

        void WatchAll()
        {
            for (var i = 0; i < 50; i++) Watch("k", "l", start);
        }
    }

    /// <summary>The least of some rounds: the first let grow what grows, and the runtime now and then allocates for itself.</summary>
    private long BytesOf(int revisions)
    {
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            Write(revisions);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Drain();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private void Write(int revisions)
    {
        for (var i = 0; i < revisions; i++) _log.Write("a", i % 2 == 0 ? "b" : "-b");
        _hub.Advance(_log.Publish(_hub.Floor));
    }

    private void Drain()
    {
        while (_hub.Work(1000))
        {
        }
    }

    private void Watch(string key, string end, long start, WatchOptions options = WatchOptions.None) => _hub.Create(
        _stream, new WatchRequest { Key = WatchText.Bytes(key), End = WatchText.Bytes(end), Start = start, Options = options });

    private sealed class CountingSink : IWatchSink
    {
        public long Events { get; set; }

        public bool IsFull { get; set; }

        public int Room { get; set; } = int.MaxValue;

        public bool TryTake(in WatchBatch batch)
        {
            if (IsFull || Room == 0) return false;
            Room--;
            foreach (var one in batch.Events) Events += one.Kv.Key.Length;
            return true;
        }
    }
}
