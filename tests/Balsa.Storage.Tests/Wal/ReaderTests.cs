using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Storage.Tests.Wal;

/// <summary>One reader beside the writer, for a longer time: what it has read before must neither mislead nor disappear.</summary>
public sealed class ReaderTests
{
    [Fact]
    public void What_was_appended_since_the_last_read_is_found()
    {
        var world = new LogWorld().Open().Append(1, 3);
        var reader = world.Directory.NewReader();
        Assert.Equal("1/1 1/2 1/3", Read(world, reader, 1, 3));
        world.Append(4, 6);
        Assert.Equal("1/2 1/3 1/4 1/5 1/6", Read(world, reader, 2, 6));
    }

    [Fact]
    public void What_was_cut_and_written_anew_since_the_last_read_is_found()
    {
        var world = new LogWorld().Open().Append(1, 6);
        var reader = world.Directory.NewReader();
        Read(world, reader, 1, 6);
        world.Write(LogWorld.Truncate(3)).Append(3, 5, term: 2);
        Assert.Equal("1/1 1/2 2/3 2/4 2/5", Read(world, reader, 1, 5));
    }

    [Fact]
    public void What_is_appended_while_a_read_is_under_way_is_found()
    {
        var world = new LogWorld().Open().Append(1, 3);
        var reader = world.Directory.NewReader();
        foreach (var step in reader.Read(new LogIndex(1), new LogIndex(6), long.MaxValue))
        {
            world.Disk.Execute(step);
            if (step.Kind == StepKind.Read && world.Directory.Last.Index.Value == 3) world.Append(4, 6);
        }

        Assert.Equal("1/1 1/2 1/3 1/4 1/5 1/6", string.Join(' ', reader.Entries.Select(entry => entry.Ref.Id)));
    }

    [Fact]
    public void Damage_that_an_old_read_did_not_see_is_noticed()
    {
        var world = new LogWorld().Open().Append(1, 3);
        var reader = world.Directory.NewReader();
        Read(world, reader, 1, 3);
        world.Append(4, 4);
        var bytes = world.Disk["/data/wal/0000000000000001.wal"];
        bytes[bytes.AsSpan().LastIndexOfAnyExcept((byte)0)] ^= 1;
        Assert.Throws<StorageException>(() => Read(world, reader, 4, 4));
    }

    [Fact]
    public void Entries_keep_their_bytes_through_later_reads()
    {
        var world = new LogWorld().Open().Append(1, 60, bytes: 100);
        var reader = world.Directory.NewReader();
        Read(world, reader, 1, 40);
        var kept = reader.Entries.ToList();
        Read(world, reader, 30, 60);
        Assert.Equal(40, kept.Count);
        Assert.All(kept, entry => Assert.Equal(LogWorld.PayloadOf(entry.Ref.Id.Index.Value, 1, 100), entry.Payload.ToArray()));
    }

    [Fact]
    public void A_long_read_reads_every_byte_once()
    {
        var options = LogWorld.Small with { SegmentBytes = 4 << 20, BatchBytesMax = 1 << 20 };
        var world = new LogWorld { Options = options }.Open().Append(1, 2500, bytes: 1000);
        var reader = world.Directory.NewReader();
        long bytes = 0;
        foreach (var step in reader.Read(new LogIndex(1), new LogIndex(2500), long.MaxValue))
        {
            world.Disk.Execute(step);
            if (step.Kind == StepKind.Read) bytes += step.Count;
        }

        Assert.Equal(2500, reader.Entries.Count);
        Assert.InRange(bytes, 2500 * 1056, 4 << 20);
    }

    private static string Read(LogWorld world, EntryReader<NoStorageProbe> reader, ulong first, ulong last)
    {
        world.Run(reader.Read(new LogIndex(first), new LogIndex(last), long.MaxValue));
        Assert.False(reader.IsGone);
        return string.Join(' ', reader.Entries.Select(entry => entry.Ref.Id));
    }
}
