using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Tests;

public sealed class LoadedEntriesTests
{
    private static readonly MemberId Peer = new(2);
    private readonly EntryCache _cache = new();
    private readonly LoadedEntries _loaded;

    public LoadedEntriesTests()
    {
        _cache.Reset(new LogIndex(10));
        _loaded = new LoadedEntries(_cache, new World());
    }

    [Fact]
    public void What_was_read_back_is_at_hand_for_the_peer_that_needs_it()
    {
        _loaded.Load(Peer, new LogIndex(1), new LogIndex(3), 1000);
        _loaded.OnRead(Peer, new LogIndex(1), Three());
        Assert.Equal(new LogIndex(3), Assert.Single(_loaded.Answers).Last);
        Assert.Equal(3, _loaded.Get(Peer, new LogIndex(1), new LogIndex(3)).Length);
    }

    [Fact]
    public void What_was_read_from_a_log_that_was_cut_meanwhile_counts_as_nothing()
    {
        _loaded.Load(Peer, new LogIndex(1), new LogIndex(3), 1000);
        _loaded.OnLogChanged();
        _loaded.OnRead(Peer, new LogIndex(1), Three());
        Assert.Equal((Peer, new LogIndex(1), LogIndex.Zero, 0UL), Assert.Single(_loaded.Answers));
    }

    [Fact]
    public void Two_reads_for_one_peer_in_one_batch_do_not_take_each_others_place()
    {
        _loaded.Load(Peer, new LogIndex(1), new LogIndex(3), 1000);
        _loaded.Load(Peer, new LogIndex(2), new LogIndex(3), 1000);
        _loaded.OnRead(Peer, new LogIndex(1), Three());
        _loaded.OnRead(Peer, new LogIndex(2), Three().AsMemory(1));
        Assert.Equal(new LogIndex(1), _loaded.Get(Peer, new LogIndex(1), new LogIndex(2))[0].Ref.Id.Index);
        Assert.Equal(new LogIndex(2), _loaded.Get(Peer, new LogIndex(2), new LogIndex(3))[0].Ref.Id.Index);
    }

    private static ReplicaEntry[] Three() => [Driver.Entry(1, 1, "a"), Driver.Entry(1, 2, "b"), Driver.Entry(1, 3, "c")];
}
