using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.Node.Stores;

namespace Balsa.Node.Tests.Stores;

public sealed class ViewGateTests
{
    [Fact]
    public void What_a_view_shows_stays_as_it_was_while_the_writer_goes_on()
    {
        var run = new GateRun(readers: 3, seed: 1, gate => gate.Floor());
        Assert.Empty(run.Run(TimeSpan.FromSeconds(3)));
        // Otherwise the threads did not meet, and nothing was shown.
        Assert.True(run.Writer.Batches > 100, $"{run.Writer.Batches} batches");
        Assert.True(run.Writer.Compactions > 10, $"{run.Writer.Compactions} compactions");
        Assert.All(run.Readers, reader =>
        {
            Assert.True(reader.Views > 10, $"{reader.Views} views");
            Assert.True(reader.OldRevisions > 10, $"{reader.OldRevisions} reads of old revisions");
            Assert.True(reader.Events > 100, $"{reader.Events} events");
        });
        Assert.True(run.Readers.Sum(reader => reader.Outlived) > 0, "no view was read after a compaction");
    }

    [Fact]
    public void A_writer_that_does_not_ask_who_reads_is_noticed()
    {
        var run = new GateRun(readers: 3, seed: 2, _ => ReaderFloor.None);
        Assert.NotEmpty(run.Run(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_writer_that_looks_only_at_the_newest_view_is_noticed()
    {
        var run = new GateRun(readers: 3, seed: 3, gate => gate.Current.Floor);
        Assert.NotEmpty(run.Run(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void The_floor_is_that_of_the_oldest_view_in_use()
    {
        var (gate, store) = (new ViewGate(), new KeyValueStore<NoStoreProbe>(new StoreOptions()));
        Assert.Equal(ReaderFloor.None, gate.Floor());
        Assert.Throws<InvalidOperationException>(() => gate.Enter());
        var views = new StoreView[3];
        StoreView Next()
        {
            var view = store.Publish(gate.Floor());
            gate.Publish(view);
            return view;
        }

        views[0] = Next();
        var first = gate.Enter();
        views[1] = Next();
        var (second, again) = (gate.Enter(), gate.Enter());
        views[2] = Next();
        Assert.Equal([views[0], views[1], views[1]], [first.View, second.View, again.View]);
        Assert.Equal(views[0].Floor, gate.Floor());
        first.Dispose();
        Assert.Equal(views[1].Floor, gate.Floor());
        second.Dispose();
        Assert.Equal(views[1].Floor, gate.Floor());
        again.Dispose();
        Assert.Equal(views[2].Floor, gate.Floor());
    }

    [Fact]
    public void A_reader_that_was_overtaken_before_it_said_what_it_reads_gets_the_newest_view()
    {
        var (gate, store) = (new ViewGate(), new KeyValueStore<NoStoreProbe>(new StoreOptions()));
        gate.Publish(store.Publish(gate.Floor()));
        var seen = gate.Current;
        gate.Publish(store.Publish(gate.Floor()));
        using var reader = gate.Enter(seen);
        Assert.Same(gate.Current, reader.View);
        Assert.Equal(gate.Current.Floor, gate.Floor());
    }

    [Fact]
    public void A_reader_without_a_slot_gets_one_as_soon_as_another_leaves()
    {
        var (gate, store) = (new ViewGate(), new KeyValueStore<NoStoreProbe>(new StoreOptions()));
        gate.Publish(store.Publish(ReaderFloor.None));
        var readers = new List<ViewGate.Reader>();
        for (var i = 0; i < 256; i++) readers.Add(gate.Enter());
        using var entered = new ManualResetEventSlim();
        var late = new Thread(() =>
        {
            using var reader = gate.Enter();
            entered.Set();
        });
        late.Start();
        Assert.False(entered.Wait(TimeSpan.FromMilliseconds(50)));
        readers[77].Dispose();
        Assert.True(entered.Wait(TimeSpan.FromSeconds(20)));
        late.Join();
    }
}
