using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>Making a snapshot. What a crash leaves is in the checks that <see cref="MutantTests"/> runs.</summary>
public sealed class WriterTests
{
    private static readonly Raft.Log.EntryId Old = Samples.Id(10), New = Samples.Id(20);
    private static readonly string NewPath = Samples.Directory.PathOf(New);
    private readonly MemoryDisk _disk = new();
    private readonly SnapshotWriter<NoStorageProbe> _writer = new(Samples.Directory, Samples.Head(New));

    public WriterTests() => Samples.Put(_disk, Old);

    [Fact]
    public void A_source_is_read_in_slices_and_memory_stays_at_one_block()
    {
        var source = new BytesSource(Samples.Content(New), slice: 5);
        var waits = 0;
        foreach (var step in _writer.Write(new IoStep(), source, () => true))
        {
            if (step.Kind == StepKind.Wait) waits++;
            else _disk.Execute(step);
            Assert.True(step.Bytes.Length <= 256);
        }

        Assert.True(_writer.IsPublished);
        Assert.True(waits > Samples.ContentBytes / 5);
        Assert.Equal(Samples.BlockBytes, source.LargestBuffer);
        Assert.Equal(Samples.FileOf(New), _disk[NewPath]);
        Assert.Equal(_disk[NewPath].Length, _writer.FileBytes);
    }

    [Fact]
    public void It_is_not_published_before_the_log_is_durable_through_its_index()
    {
        var isDurable = false;
        var waits = 0;
        foreach (var step in _writer.Write(new IoStep(), new BytesSource(Samples.Content(New)), () => isDurable))
        {
            if (step.Kind != StepKind.Wait)
            {
                _disk.Execute(step);
                continue;
            }
            Assert.False(_disk.Has(NewPath));
            isDurable = ++waits == 3;
        }

        Assert.Equal(3, waits);
        Assert.True(_writer.IsPublished);
        // The time of waiting was not lost: everything was written and synced before.
        Assert.Equal([IoSite.RenameSnapshot, IoSite.SyncSnapshotName], _disk.Sites[^2..]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void Abandoned_it_leaves_nothing(int waits)
    {
        var slice = waits == 100 ? int.MaxValue : 5;
        foreach (var step in _writer.Write(new IoStep(), new BytesSource(Samples.Content(New), slice), () => false))
        {
            if (step.Kind != StepKind.Wait) _disk.Execute(step);
            else if (--waits <= 0 || slice == int.MaxValue) _writer.Abandon();
        }

        Assert.False(_writer.IsPublished);
        Assert.Equal(SnapshotProblemKind.Abandoned, _writer.Problem?.Kind);
        Assert.Equal([Samples.Directory.PathOf(Old)], _disk.Names);
    }

    [Theory]
    [InlineData(DiskError.NoSpace)]
    [InlineData(DiskError.Io)]
    [InlineData(DiskError.ReadOnly)]
    [InlineData(DiskError.TooManyFiles)]
    public void An_error_at_any_step_gives_up_the_snapshot_and_nothing_else(DiskError error)
    {
        var sites = new HashSet<IoSite>();
        for (var failing = 0; ; failing++)
        {
            var disk = _disk.AfterCrash(0, Unsynced.Kept);
            var writer = new SnapshotWriter<NoStorageProbe>(Samples.Directory, Samples.Head(New));
            var at = 0;
            var failed = IoSite.None;
            disk.Fault = step => at++ != failing ? DiskError.None : Fail(step, error, out failed);
            writer.Write(new IoStep(), new BytesSource(Samples.Content(New)), () => true).Run(disk);
            if (failed == IoSite.None) break;
            sites.Add(failed);
            Assert.Equal(FaultTable.Of(failed, error) == Reaction.Ignore, writer.IsPublished);
            Assert.Equal(writer.IsPublished ? null : error, writer.Problem?.Error);
            Assert.Equal(writer.IsPublished ? null : failed, writer.Problem?.Site);
            Assert.DoesNotContain(disk.Names, name => name.EndsWith(".part", StringComparison.Ordinal));
            Assert.Equal(Samples.Content(Old), Samples.Read<NoStorageProbe>(disk, Old, out _));
            // The next attempt finds nothing in its way.
            disk.Fault = _ => DiskError.None;
            Assert.True(Samples.Put(disk, New).IsPublished);
        }
        IoSite[] all =
        [
            IoSite.CreateSnapshot, IoSite.WriteSnapshot, IoSite.SyncSnapshot, IoSite.CloseFile, IoSite.RenameSnapshot,
            IoSite.SyncSnapshotName,
        ];
        Assert.Equal(all.Order(), sites.Order());
    }

    [Fact]
    public void A_disk_that_never_works_again_ends_the_writer_too()
    {
        for (var failing = 0; failing < 10; failing++)
        {
            var disk = new MemoryDisk();
            var at = 0;
            disk.Fault = _ => at++ < failing ? DiskError.None : DiskError.Io;
            var writer = new SnapshotWriter<NoStorageProbe>(Samples.Directory, Samples.Head(New));
            writer.Write(new IoStep(), new BytesSource(Samples.Content(New)), () => true).Run(disk);
            Assert.Equal(writer.Problem is null, writer.IsPublished);
        }
    }

    [Fact]
    public void Two_quickly_one_after_another_are_both_whole()
    {
        Samples.Put(_disk, New);
        Samples.Put(_disk, Samples.Id(21));

        var newest = Samples.Newest<NoStorageProbe>(_disk, out var store);
        Assert.Equal(Samples.Id(21), newest!.Id);
        Assert.Equal([Samples.Id(21), New, Old], store.Snapshots.Select(s => s.Id));
    }

    [Fact]
    public void Two_at_the_same_time_do_not_disturb_each_other()
    {
        var other = new SnapshotWriter<NoStorageProbe>(Samples.Directory, Samples.Head(Samples.Id(21)));
        using var first = _writer.Write(new IoStep(), new BytesSource(Samples.Content(New)), () => true).GetEnumerator();
        using var second = other.Write(new IoStep(), new BytesSource(Samples.Content(Samples.Id(21))), () => true).GetEnumerator();
        for (bool a = true, b = true; a || b;)
        {
            if (a = a && first.MoveNext()) _disk.Execute(first.Current);
            if (b = b && second.MoveNext()) _disk.Execute(second.Current);
        }

        Assert.Equal(Samples.Content(New), Samples.Read<NoStorageProbe>(_disk, New, out _));
        Assert.Equal(Samples.Content(Samples.Id(21)), Samples.Read<NoStorageProbe>(_disk, Samples.Id(21), out _));
    }

    private static DiskError Fail(IoStep step, DiskError error, out IoSite failed)
    {
        failed = step.Site;
        return error;
    }
}
