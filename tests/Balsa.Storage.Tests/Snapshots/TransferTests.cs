using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Snapshots.Transfer;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.Checks;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>Taking a snapshot in. What crashes leave, resuming and order are in the checks that <see cref="MutantTests"/> runs.</summary>
public sealed class TransferTests
{
    private static readonly EntryId Old = Samples.Id(10), New = Samples.Id(20);
    private static readonly string Path = Samples.Directory.PathOf(New), Arriving = Samples.Directory.PathOf(New, ".incoming");
    private readonly MemoryDisk _sender = new(), _disk = new();
    private readonly IncomingSnapshot<NoStorageProbe> _incoming = new(Samples.Directory, New);
    private readonly IoStep _step = new();

    public TransferTests()
    {
        Samples.Put(_disk, Old);
        Samples.Put(_sender, New);
    }

    private byte[] Whole => _sender[Path];

    private ChunkAnswer Feed(SnapshotChunk chunk)
    {
        _incoming.OnChunk(_step, chunk).Run(_disk);
        return _incoming.Answer;
    }

    private SnapshotSender Open()
    {
        var sender = new SnapshotSender(Samples.Directory, New);
        sender.Open(_step).Run(_sender);
        Assert.Null(sender.Problem);
        return sender;
    }

    private long StartFor(SnapshotResume held)
    {
        var sender = Open();
        sender.Agree(_step, held).Run(_sender);
        Assert.Equal(held.Offset != 0 && sender.StartAt == 0, sender.StartsAnew);
        return sender.StartAt;
    }

    [Fact]
    public void Chunks_of_any_length_bring_the_same_bytes()
    {
        for (var length = 1; length <= Whole.Length + 5; length++)
        {
            var disk = new MemoryDisk();
            var incoming = new IncomingSnapshot<NoStorageProbe>(Samples.Directory, New);
            Transfers.Receive(incoming, _sender, length).Run(disk);
            Assert.True(incoming.IsPublished);
            Assert.Equal(Whole, disk[Path]);
            Assert.Equal((New, (long)Whole.Length), (incoming.Head!.Identity.Id, incoming.FileBytes));
            Assert.Equal([Path], disk.Names);
        }
    }

    [Fact]
    public void What_is_held_is_not_sent_again()
    {
        Transfers.Receive(_incoming, _sender, 50, until: Whole.Length - 1).Run(_disk);
        Assert.Equal(_disk[Arriving].Length, _incoming.FileBytes);
        _incoming.Begin(_step).Run(_disk);
        Assert.Equal(Whole.Length - SnapshotChain.EndBytes, StartFor(_incoming.Resume));

        Feed(Transfers.Chunk(Whole, Whole.Length - SnapshotChain.EndBytes, SnapshotChain.EndBytes));
        _incoming.Finish(_step).Run(_disk);
        Assert.Equal(Whole, _disk[Path]);
    }

    [Fact]
    public void One_that_is_held_to_its_end_needs_no_chunk_at_all()
    {
        _disk[Arriving] = Whole;
        _incoming.Begin(_step).Run(_disk);
        Assert.True(_incoming.IsComplete);
        Assert.Equal(Whole.Length, StartFor(_incoming.Resume));
        _incoming.Finish(_step).Run(_disk);
        Assert.True(_incoming.IsPublished);
    }

    [Fact]
    public void A_sender_goes_on_only_behind_bytes_that_are_its_own()
    {
        var scan = new SnapshotScan<NoStorageProbe>("", Samples.Directory.IdentityOf(New));
        var borders = new Dictionary<long, uint> { [0] = 0 };
        while (scan.Needs is var needs and > 0)
        {
            Assert.True(scan.Take(Whole.AsSpan((int)scan.Offset, needs)));
            borders[scan.CheckedBytes] = scan.Checksum;
        }

        for (var offset = -1; offset <= Whole.Length + 1; offset++)
        {
            var isBorder = borders.TryGetValue(offset, out var checksum);
            Assert.Equal(isBorder ? offset : 0, StartFor(new SnapshotResume(New, offset, checksum)));
            Assert.Equal(0, StartFor(new SnapshotResume(New, offset, checksum + 1)));
            Assert.Equal(0, StartFor(new SnapshotResume(Old, offset, checksum)));
        }
    }

    [Fact]
    public void A_leader_with_another_file_of_that_name_sends_all_of_its_own()
    {
        // The first leader's is longer, so its end would stay behind the second leader's.
        var first = new MemoryDisk();
        Samples.Put(first, New, Samples.Content(Old, 500));
        Transfers.Receive(_incoming, first, 64, until: 600).Run(_disk);
        Assert.True(_disk[Arriving].Length > Whole.Length);

        Transfers.Receive(_incoming, _sender, 64).Run(_disk);
        Assert.Equal(Whole, _disk[Path]);
    }

    [Fact]
    public void A_longer_file_of_that_name_is_refused_even_when_it_begins_alike()
    {
        _disk[Arriving] = [.. Whole[..^SnapshotChain.EndBytes], .. new byte[500]];
        _incoming.Begin(_step).Run(_disk);
        Assert.Equal(Whole.Length - SnapshotChain.EndBytes, _incoming.Expected);
        var end = Transfers.Chunk(Whole, (int)_incoming.Expected, SnapshotChain.EndBytes);
        Assert.Equal(ChunkAnswer.OtherSnapshot, Feed(end));
        _incoming.Restart(_step).Run(_disk);
        Assert.Equal(ChunkAnswer.Accepted, Feed(Transfers.Chunk(Whole, 0, Whole.Length)));
        _incoming.Finish(_step).Run(_disk);
        Assert.Equal(Whole, _disk[Path]);
    }

    [Fact]
    public void What_does_not_belong_here_is_named_and_changes_nothing()
    {
        var chunk = Transfers.Chunk(Whole, 0, 10);
        Assert.Equal(ChunkAnswer.NotUnderWay, Feed(chunk));
        _incoming.Begin(_step).Run(_disk);
        Assert.Equal(ChunkAnswer.OtherSnapshot, Feed(chunk with { Snapshot = Old }));
        Assert.Equal(ChunkAnswer.Accepted, Feed(chunk));
        Assert.Equal(ChunkAnswer.OtherSnapshot, Feed(chunk with { Offset = 10, FileBytes = Whole.Length + 1 }));
        Assert.Equal(ChunkAnswer.BeyondEnd, Feed(chunk with { Offset = Whole.Length - 9 }));
        Assert.Equal(ChunkAnswer.BeyondEnd, Feed(chunk with { Offset = -1 }));
        Assert.Equal(ChunkAnswer.BeyondEnd, Feed(chunk with { Offset = long.MaxValue }));
        Assert.Equal(ChunkAnswer.Gap, Feed(chunk with { Offset = 11 }));
        Assert.Equal(ChunkAnswer.Overlap, Feed(chunk with { Offset = 9 }));
        Assert.Equal(ChunkAnswer.Accepted, Feed(chunk with { Offset = 10, Bytes = default }));
        Assert.Equal(ChunkAnswer.Accepted, Feed(Transfers.Chunk(Whole, 10, Whole.Length - 10)));
        _incoming.Finish(_step).Run(_disk);
        Assert.Equal(Whole, _disk[Path]);
        Assert.Equal(ChunkAnswer.NotUnderWay, Feed(chunk));
    }

    [Fact]
    public void Bytes_behind_the_end_block_are_named()
    {
        _incoming.Begin(_step).Run(_disk);
        byte[] longer = [.. Whole, 1];
        Assert.Equal(ChunkAnswer.BeyondEnd, Feed(Transfers.Chunk(longer, 0, longer.Length)));
    }

    [Fact]
    public void A_damaged_chunk_is_noticed_at_once_and_the_transfer_goes_on_from_the_last_border()
    {
        for (var bad = 0; bad < Whole.Length; bad++)
        {
            var disk = new MemoryDisk();
            var incoming = new IncomingSnapshot<NoStorageProbe>(Samples.Directory, New);
            incoming.Begin(_step).Run(disk);
            incoming.OnChunk(_step, Transfers.Chunk(Transfers.Flipped(Whole, bad), 0, Whole.Length)).Run(disk);
            Assert.Equal(ChunkAnswer.Damaged, incoming.Answer);
            Assert.True(incoming.Expected <= bad);
            Assert.Equal(Whole[..(int)incoming.Expected], disk[Arriving]);
            incoming.OnChunk(_step, Transfers.Chunk(Whole, (int)incoming.Expected, Whole.Length - (int)incoming.Expected)).Run(disk);
            incoming.Finish(_step).Run(disk);
            Assert.Equal(Whole, disk[Path]);
        }
    }

    [Fact]
    public void Finished_too_early_it_is_incomplete_and_kept()
    {
        Transfers.Receive(_incoming, _sender, 50, until: 250).Run(_disk);
        var held = _incoming.FileBytes;
        _incoming.Begin(_step).Run(_disk);
        _incoming.Finish(_step).Run(_disk);
        Assert.Equal(SnapshotProblemKind.Incomplete, _incoming.Problem!.Kind);
        Assert.Equal(held, _disk[Arriving].Length);
        Assert.False(_disk.Has(Path));
    }

    [Fact]
    public void Discarded_it_leaves_nothing()
    {
        Transfers.Receive(_incoming, _sender, 50, until: 250).Run(_disk);
        _incoming.Begin(_step).Run(_disk);
        _incoming.Discard(_step).Run(_disk);
        Assert.Equal([Samples.Directory.PathOf(Old)], _disk.Names);
    }

    [Theory]
    [InlineData(DiskError.NoSpace)]
    [InlineData(DiskError.Io)]
    [InlineData(DiskError.TooManyFiles)]
    public void An_error_at_any_step_gives_up_the_transfer_and_nothing_else(DiskError error)
    {
        var sites = new HashSet<IoSite>();
        for (var failing = 0; ; failing++)
        {
            var disk = _disk.AfterCrash(0, Unsynced.Kept);
            // Begins with what an earlier transfer left, so that reading it can fail as well.
            disk[Arriving] = Whole[..(Whole.Length / 2)];
            var at = 0;
            var failed = IoSite.None;
            disk.Fault = step => at++ == failing ? Fail(step, error, out failed) : DiskError.None;
            var incoming = new IncomingSnapshot<NoStorageProbe>(Samples.Directory, New);
            Transfers.Receive(incoming, _sender, 20).Run(disk);
            if (failed == IoSite.None) break;
            sites.Add(failed);
            Assert.Equal(FaultTable.Of(failed, error) == Reaction.Ignore, incoming.IsPublished);
            Assert.Equal(incoming.IsPublished ? null : error, incoming.Problem?.Error);
            Assert.Equal(Samples.Content(Old), Samples.Read<NoStorageProbe>(disk, Old, out _));
            if (failed is not (IoSite.OpenIncoming or IoSite.CloseFile)) Assert.False(disk.Has(Arriving));
            disk.Fault = _ => DiskError.None;
            Transfers.Receive(new IncomingSnapshot<NoStorageProbe>(Samples.Directory, New), _sender, 20).Run(disk);
            Assert.Equal(Whole, disk[Path]);
        }
        IoSite[] all =
        [
            IoSite.OpenIncoming, IoSite.ReadIncoming, IoSite.WriteIncoming, IoSite.SyncIncoming, IoSite.CloseFile,
            IoSite.RenameIncoming, IoSite.SyncIncomingName,
        ];
        Assert.Equal(all.Order(), sites.Order());
    }

    [Fact]
    public void A_disk_that_read_back_something_else_publishes_nothing()
    {
        _incoming.Begin(_step).Run(_disk);
        Feed(Transfers.Chunk(Whole, 0, Whole.Length));
        _disk[Arriving][^70] ^= 1;
        _incoming.Finish(_step).Run(_disk);
        Assert.Equal(SnapshotProblemKind.Damaged, _incoming.Problem!.Kind);
        Assert.Equal([Samples.Directory.PathOf(Old)], _disk.Names);
    }

    [Fact]
    public void A_sender_that_cannot_read_says_so()
    {
        var sender = Open();
        _sender.Fault = _ => DiskError.Io;
        sender.Read(_step, 0, new byte[10]).Run(_sender);
        Assert.Equal(IoSite.ReadSnapshot, sender.Problem!.Site);
        Assert.Equal(default, sender.Chunk);
        _sender.Fault = _ => DiskError.None;
        sender.Close(_step).Run(_sender);

        var nothing = new SnapshotSender(Samples.Directory, Old);
        nothing.Open(_step).Run(_sender);
        Assert.Equal(DiskError.NotFound, nothing.Problem!.Error);
    }

    private static DiskError Fail(IoStep step, DiskError error, out IoSite failed)
    {
        failed = step.Site;
        return error;
    }
}
