using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Snapshots;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Tests.Store;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>Watches over the real store, and what the store keeps and frees for them.</summary>
public sealed class WatchStoreTests
{
    private readonly StoreDriver<NoStoreProbe> _driver = new();
    private readonly WatchHub<NoStoreProbe> _hub;
    private readonly RecordingSink _sink = new();
    private readonly WatchStream _stream;

    public WatchStoreTests()
    {
        _hub = new WatchHub<NoStoreProbe>(_driver.Store.Publish(ReaderFloor.None), new WatchHubOptions());
        _stream = _hub.Open(_sink);
        Advance();
    }

    [Fact]
    public void A_transaction_is_one_response_in_the_order_of_its_operations()
    {
        Watch("a", "z", WatchOptions.Previous);
        _driver.Put("k", "1");
        var txn = new TxnBuilder().Then(new PutCommand { Key = "m"u8, Value = "2"u8 }).Then(new DeleteCommand { Key = "k"u8 })
            .Then(new PutCommand { Key = "b"u8, Value = "3"u8 });
        _driver.Apply(_driver.Codec.Txn(txn));
        _driver.Delete("a", "n");
        Assert.Equal(["0 @1 created", "0 @2 k:2", "0 @3 m:3 -k:3<2 b:3", "0 @4 -b:4<3 -m:4<3"], Settle());
    }

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    public void On_an_empty_store_a_start_at_its_revision_waits_for_what_comes(string end)
    {
        Watch("a", end, start: 1);
        Assert.Equal(["0 @1 created"], Settle());
        _driver.Put("a", "1");
        Assert.Equal(["0 @2 a:2"], Settle());
    }

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    public void A_key_that_one_command_changed_twice_is_two_events_for_whoever_was_slow(string end)
    {
        Watch("k", end);
        Settle();
        _sink.Room = 0;
        var txn = new TxnBuilder().Then(new PutCommand { Key = "k"u8, Value = "1"u8 })
            .Then(new DeleteCommand { Key = "a"u8, End = "\0"u8 });
        _driver.Apply(_driver.Codec.Txn(txn));
        Assert.Empty(Settle());
        _sink.Room = 9;
        _hub.Resume(_stream);
        Assert.Equal(["0 @2 k:2 -k:2"], Settle());
    }

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    public void A_delete_at_the_compacted_revision_is_seen_by_whoever_starts_there(string end)
    {
        _driver.Put("a", "1");
        _driver.Delete("a");
        _driver.Put("b", "1");
        Advance();
        Settle();
        _driver.Compact(3);
        Settle();
        Watch("a", end, start: 3);
        Assert.Equal(["0 @4 created", end.Length == 0 ? "0 @4 -a:3" : "0 @4 -a:3 b:4"], Settle());
    }

    [Fact]
    public void What_a_live_watcher_has_not_been_told_yet_outlives_a_compaction()
    {
        Watch("a", "");
        Watch("a", "z");
        Settle();
        foreach (var value in new[] { "1", "2", "3" }) _driver.Put("a", value);
        _driver.Delete("a");
        _driver.Compact(5);
        for (var i = 0; i < 3; i++) FreeAll();
        _hub.Advance(_driver.Store.Publish(_hub.Floor));
        FreeAll();
        var lines = Settle();
        Assert.Equal(["0 @2 a:2", "0 @3 a:3", "0 @4 a:4", "0 @5 -a:5"], lines.Where(line => line[0] == '0'));
        Assert.Equal(["1 @2 a:2", "1 @3 a:3", "1 @4 a:4", "1 @5 -a:5"], lines.Where(line => line[0] == '1'));
    }

    [Fact]
    public void Slow_clients_do_not_keep_what_is_compacted()
    {
        Watch("a", "z");
        Settle();
        _sink.Room = 0;
        for (var i = 0; i < 5000; i++) _driver.Put("a", new string('x', 200));
        Settle();
        _driver.Compact(5000);
        Settle();
        Settle();
        var used = _driver.Store.Sizes.Used;
        for (var i = 0; i < 5000; i++) _driver.Put("a", new string('x', 200));
        Settle();
        _driver.Compact(10_000);
        Settle();
        Settle();

        // Less than a third of what was written since: the log of events grows by large pieces.
        Assert.InRange(_driver.Store.Sizes.Used, 0, used + 300_000);
        _sink.Room = 9;
        _hub.Resume(_stream);
        Assert.Equal(["0 @0 canceled compacted 10000"], Settle());
    }

    [Fact]
    public void After_a_snapshot_took_the_place_of_the_store_watchers_go_on_where_they_were()
    {
        Watch("a", "");
        Watch("a", "z");
        _driver.Put("a", "1");
        Assert.Equal(4, Settle().Length);
        var ahead = new StoreDriver<NoStoreProbe>();
        foreach (var value in new[] { "1", "2", "3" }) ahead.Put("a", value);
        ahead.Delete("a");
        _hub.Restart(Restored(ahead));
        while (_hub.Work(3))
        {
        }

        Assert.Equal(["0 @5 a:3 a:4 -a:5", "1 @5 a:3 a:4 -a:5"], _sink.Take().Order(StringComparer.Ordinal));
        ahead.Put("b", "1");
        ahead.Compact(6);
        _hub.Restart(Restored(ahead));
        while (_hub.Work(3))
        {
        }

        Assert.Equal(["1 @6 b:6"], _sink.Take().Where(line => line[0] == '1'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("z")]
    public void A_delete_at_the_compacted_revision_comes_out_of_a_snapshot_too(string end)
    {
        Watch("a", end, WatchOptions.Previous);
        _driver.Put("a", "1");
        Assert.Equal(["0 @1 created", "0 @2 a:2"], Settle());
        var ahead = new StoreDriver<NoStoreProbe>();
        ahead.Put("a", "1");
        ahead.Delete("a");
        ahead.Put("b", "1");
        ahead.Compact(3);
        while (ahead.Store.Work(100))
        {
        }

        _hub.Restart(Restored(ahead));
        Watch("a", end, start: 3);
        while (_hub.Work(3))
        {
        }

        var events = end.Length == 0 ? "-a:3" : "-a:3 b:4";
        Assert.Equal(["0 @4 " + events, "1 @4 " + events, "1 @4 created"], _sink.Take().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Who_needs_what_a_snapshot_does_not_hold_is_told_so()
    {
        Watch("a", "");
        Assert.Single(Settle());
        var ahead = new StoreDriver<NoStoreProbe>();
        foreach (var value in new[] { "1", "2", "3" }) ahead.Put("a", value);
        ahead.Compact(4);
        _hub.Restart(Restored(ahead));
        while (_hub.Work(3))
        {
        }

        Assert.Equal(["0 @0 canceled compacted 4"], _sink.Take());
    }

    private static StoreView Restored(StoreDriver<NoStoreProbe> driver)
    {
        var writer = driver.Store.BeginSnapshot()!;
        var reader = new SnapshotReader<NoStoreProbe>(new StoreOptions());
        var buffer = new byte[1000];
        for (int count; (count = writer.Read(buffer, 100)) >= 0;) Assert.True(reader.TryTake(buffer.AsSpan(0, count)), reader.Problem);
        writer.Close();
        Assert.True(reader.TryFinish(out var restored), reader.Problem);
        return restored!.Publish(ReaderFloor.None);
    }

    private void Watch(string key, string end, WatchOptions options = WatchOptions.None, long start = 0) => _hub.Create(
        _stream, new WatchRequest { Key = WatchText.Bytes(key), End = WatchText.Bytes(end), Options = options, Start = start });

    private void Advance() => _hub.Advance(_driver.Store.Publish(_hub.Floor));

    private string[] Settle()
    {
        Advance();
        for (var calls = 0; _hub.Work(10); calls++)
        {
            Assert.True(calls < 1_000_000, "the hub never comes to rest");
            FreeAll();
        }

        Advance();
        FreeAll();
        return _sink.Take();
    }

    private void FreeAll()
    {
        while (_driver.Store.Work(100))
        {
        }
    }
}
