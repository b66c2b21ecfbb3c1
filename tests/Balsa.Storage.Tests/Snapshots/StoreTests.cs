using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>Which snapshots there are, which one is used, and which may go.</summary>
public sealed class StoreTests
{
    private readonly MemoryDisk _disk = new();
    private readonly SnapshotStore<NoStorageProbe> _store = new(Samples.Directory);
    private readonly IoStep _step = new();

    private EntryId? FindNewest(ulong limit = 1000)
    {
        _store.Open(_step).Run(_disk);
        Assert.Null(_store.Problem);
        _store.FindNewest(_step, new LogIndex(limit)).Run(_disk);
        return _store.Newest?.Id;
    }

    private void Prune(ulong logDurable = 1000) => _store.Prune(_step, new LogIndex(logDurable)).Run(_disk);

    private IEnumerable<ulong> Kept() => _disk.Names
        .Where(name => name.EndsWith(".snapshot", StringComparison.Ordinal)).Select(name => Convert.ToUInt64(name[10..26], 16));

    private void Harm(ulong index, int at = 200)
    {
        var path = Samples.Directory.PathOf(Samples.Id(index));
        _disk[path] = Checks.Transfers.Flipped(_disk[path], at);
    }

    [Fact]
    public void It_lists_what_is_there_and_tidies_what_is_left_over()
    {
        foreach (var index in (ulong[])[10, 300, 20]) Samples.Put(_disk, Samples.Id(index));
        var own = Samples.Directory.PathOf(Samples.Id(30), ".part");
        var arriving = Samples.Directory.PathOf(Samples.Id(40), ".incoming");
        string[] others = ["snapshots/README", "snapshots/0000000000000010-000000000000000G.snapshot", "snapshots/10-3.snapshot"];
        foreach (var name in (string[])[own, arriving, .. others]) _disk[name] = [1];

        Assert.Equal(Samples.Id(300), FindNewest());
        Assert.Equal([300, 20, 10], _store.Snapshots.Select(s => s.Id.Index.Value));
        Assert.All(_store.Snapshots, s => Assert.Equal(Samples.FileOf(s.Id).Length, s.Bytes));
        Assert.Equal(3 * Samples.FileOf(Samples.Id(10)).Length, _store.Bytes);
        Assert.Equal([Samples.Id(40)], _store.Incoming);
        Assert.False(_disk.Has(own));
        Assert.All([arriving, .. others], name => Assert.True(_disk.Has(name)));
    }

    [Fact]
    public void An_empty_folder_has_nothing_and_a_missing_disk_says_so()
    {
        Assert.Null(FindNewest());
        _disk.Fault = step => step.Kind == StepKind.List ? DiskError.Io : DiskError.None;
        _store.Open(_step).Run(_disk);
        Assert.Equal((IoSite.ListSnapshots, DiskError.Io), (_store.Problem!.Site, _store.Problem.Error));
    }

    [Fact]
    public void A_damaged_newest_falls_back_to_the_one_before()
    {
        foreach (var index in (ulong[])[10, 20, 30]) Samples.Put(_disk, Samples.Id(index));
        Harm(30);
        Harm(20, at: 20);

        Assert.Equal(Samples.Id(10), FindNewest());
        Assert.Equal([SnapshotProblemKind.Damaged, SnapshotProblemKind.Damaged, null], _store.Snapshots.Select(s => s.Problem?.Kind));
    }

    [Fact]
    public void One_that_cannot_be_read_is_passed_over()
    {
        foreach (var index in (ulong[])[10, 20]) Samples.Put(_disk, Samples.Id(index));
        _disk.Fault = s => s.Kind == StepKind.Read && s.Path.Contains("14-") && s.Offset > 100 ? DiskError.Io : DiskError.None;

        Assert.Equal(Samples.Id(10), FindNewest());
        Assert.Equal(IoSite.ReadSnapshot, _store.Snapshots[0].Problem!.Site);
    }

    [Fact]
    public void A_snapshot_of_somebody_else_is_not_passed_over_in_silence()
    {
        Samples.Put(_disk, Samples.Id(10));
        var stranger = Samples.Directory with { Cluster = 1 };
        var head = Samples.Head(Samples.Id(20));
        var writer = new SnapshotWriter<NoStorageProbe>(
            stranger, new() { Identity = stranger.IdentityOf(Samples.Id(20)), Configuration = head.Configuration, FeatureLevel = 1 });
        writer.Write(_step, new BytesSource([1, 2, 3]), () => true).Run(_disk);

        Assert.Null(FindNewest());
        Assert.Equal(SnapshotProblemKind.Foreign, _store.Problem!.Kind);
    }

    [Fact]
    public void A_file_under_the_name_of_another_is_damage()
    {
        Samples.Put(_disk, Samples.Id(10));
        _disk[Samples.Directory.PathOf(Samples.Id(11))] = _disk[Samples.Directory.PathOf(Samples.Id(10))];

        Assert.Equal(Samples.Id(10), FindNewest());
        Assert.Equal(SnapshotProblemKind.Damaged, _store.Snapshots[0].Problem!.Kind);
    }

    [Fact]
    public void One_ahead_of_the_log_is_neither_used_nor_counted()
    {
        foreach (var index in (ulong[])[10, 20, 30, 90]) Samples.Put(_disk, Samples.Id(index));

        Assert.Equal(Samples.Id(30), FindNewest(limit: 50));
        foreach (var snapshot in _store.Snapshots) _store.OnRead(snapshot.Id, null);
        Prune(logDurable: 50);
        Assert.Equal([20, 30, 90], Kept());
    }

    [Fact]
    public void Two_generations_are_kept()
    {
        for (ulong index = 1; index <= 5; index++)
        {
            var writer = Samples.Put(_disk, Samples.Id(index));
            _store.OnPublished(writer.Head, writer.FileBytes);
            Prune();
            Assert.Equal(index == 1 ? [1] : [index - 1, index], Kept());
        }
    }

    [Fact]
    public void Only_what_is_known_to_be_whole_counts_as_a_generation()
    {
        foreach (var index in (ulong[])[10, 20, 30]) Samples.Put(_disk, Samples.Id(index));
        Harm(30);
        Assert.Equal(Samples.Id(20), FindNewest());
        Prune();
        // 10 may be the only other whole one: nobody has looked at all of it yet.
        Assert.Equal([10, 20, 30], Kept());

        var writer = Samples.Put(_disk, Samples.Id(40));
        _store.OnPublished(writer.Head, writer.FileBytes);
        Prune();
        Assert.Equal([20, 30, 40], Kept());
    }

    [Fact]
    public void What_a_transfer_sends_stays()
    {
        foreach (var index in (ulong[])[10, 20, 30]) Samples.Put(_disk, Samples.Id(index));
        FindNewest();
        foreach (var snapshot in _store.Snapshots) _store.OnRead(snapshot.Id, null);
        _store.Use(Samples.Id(10));
        Prune();
        Assert.Equal([10, 20, 30], Kept());
        _store.Release(Samples.Id(10));
        Prune();
        Assert.Equal([20, 30], Kept());
    }

    [Fact]
    public void Of_broken_transfers_only_the_newest_stays_and_only_while_it_brings_something()
    {
        var writer = Samples.Put(_disk, Samples.Id(10));
        foreach (var index in (ulong[])[5, 15, 25]) _disk[Samples.Directory.PathOf(Samples.Id(index), ".incoming")] = [1];
        FindNewest();
        Prune();
        Assert.Equal([Samples.Id(25)], _store.Incoming);

        writer = Samples.Put(_disk, Samples.Id(25, term: 4));
        _store.OnPublished(writer.Head, writer.FileBytes);
        Prune();
        Assert.Empty(_store.Incoming);
        Assert.All(_disk.Names, name => Assert.EndsWith(".snapshot", name));
    }

    [Theory]
    [InlineData(IoSite.DeleteSnapshot)]
    [InlineData(IoSite.SyncPrunedNames)]
    public void An_error_while_pruning_harms_nothing_and_pruning_goes_on_next_time(IoSite site)
    {
        foreach (var index in (ulong[])[10, 20, 30, 40]) Samples.Put(_disk, Samples.Id(index));
        FindNewest();
        foreach (var snapshot in _store.Snapshots) _store.OnRead(snapshot.Id, null);
        _disk.Fault = step => step.Site == site ? DiskError.Io : DiskError.None;
        Prune();
        Assert.Equal(site, _store.Problem!.Site);
        Assert.Equal(Reaction.GiveUp, FaultTable.Of(site, _store.Problem.Error));
        _disk.Fault = _ => DiskError.None;
        Prune();
        Assert.Equal([30, 40], Kept());
        Assert.Equal(Samples.Id(40), FindNewest());
    }

    [Fact]
    public void Names_that_cannot_be_made_durable_are_not_relied_on()
    {
        Samples.Put(_disk, Samples.Id(10));
        _disk.Fault = step => step.Kind == StepKind.SyncDirectory ? DiskError.Io : DiskError.None;
        _store.Open(_step).Run(_disk);
        Assert.Equal(IoSite.SyncPrunedNames, _store.Problem!.Site);
    }

    [Fact]
    public void Another_group_has_other_snapshots()
    {
        Samples.Put(_disk, Samples.Id(10));
        var store = new SnapshotStore<NoStorageProbe>(Samples.Directory with { Group = new GroupId(2) });
        store.Open(_step).Run(_disk);
        Assert.Equal(SnapshotProblemKind.Foreign, Assert.Single(store.Snapshots).Problem!.Kind);
    }
}
