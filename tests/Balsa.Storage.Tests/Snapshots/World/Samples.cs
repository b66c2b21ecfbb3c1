using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Snapshots.World;

/// <summary>Small snapshots of a made-up state machine.</summary>
internal static class Samples
{
    public const int BlockBytes = 32;

    public static readonly SnapshotDirectory Directory = new("snapshots", new GroupId(0), 0xC0FFEE);

    /// <summary>Two blocks and a bit.</summary>
    public const int ContentBytes = 2 * BlockBytes + 13;

    public static EntryId Id(ulong index, ulong term = 3) => new(new Term(term), new LogIndex(index));

    public static SnapshotHead Head(EntryId id, int blockBytes = BlockBytes) => new()
    {
        Identity = Directory.IdentityOf(id), Configuration = Configuration.OfVoters(1, 2, 3), FeatureLevel = 1,
        ContentKind = 7, ContentVersion = 2, BlockBytes = blockBytes,
    };

    /// <summary>Different for each snapshot, and without a repetition that a swap could hide behind.</summary>
    public static byte[] Content(EntryId id, int bytes = ContentBytes)
    {
        var content = new byte[bytes];
        for (var i = 0; i < bytes; i++) content[i] = (byte)(id.Index.Value * 31 + id.Term.Value * 7 + (ulong)i * 13 + (ulong)i / 16);
        return content;
    }

    public static SnapshotWriter<TProbe> Put<TProbe>(MemoryDisk disk, EntryId id, byte[]? content = null, int blockBytes = BlockBytes)
        where TProbe : struct, IStorageProbe
    {
        var writer = new SnapshotWriter<TProbe>(Directory, Head(id, blockBytes));
        writer.Write(new IoStep(), new BytesSource(content ?? Content(id)), () => true).Run(disk);
        Assert.Null(writer.Problem);
        return writer;
    }

    public static SnapshotWriter<NoStorageProbe> Put(MemoryDisk disk, EntryId id, byte[]? content = null, int blockBytes = BlockBytes) =>
        Put<NoStorageProbe>(disk, id, content, blockBytes);

    /// <summary>The file of a snapshot, and nothing else of the disk.</summary>
    public static byte[] FileOf(EntryId id, byte[]? content = null, int blockBytes = BlockBytes)
    {
        var disk = new MemoryDisk();
        Put(disk, id, content, blockBytes);
        return disk[Directory.PathOf(id)];
    }

    /// <summary>What is in a stored snapshot, or null when it cannot be read to its end.</summary>
    public static byte[]? Read<TProbe>(MemoryDisk disk, EntryId id, out SnapshotProblem? problem)
        where TProbe : struct, IStorageProbe
    {
        var reader = new SnapshotReader<TProbe>(Directory.PathOf(id), Directory.IdentityOf(id));
        var sink = new BytesSink();
        reader.ReadWhole(new IoStep(), sink).Run(disk);
        problem = reader.Problem;
        Assert.Equal(problem is null, reader.IsWhole);
        return problem is null ? [.. sink.Content] : null;
    }

    /// <summary>What the start of a node would use.</summary>
    public static StoredSnapshot? Newest<TProbe>(MemoryDisk disk, out SnapshotStore<TProbe> store)
        where TProbe : struct, IStorageProbe
    {
        store = new SnapshotStore<TProbe>(Directory);
        var step = new IoStep();
        store.Open(step).Run(disk);
        Assert.Null(store.Problem);
        store.FindNewest(step, LogIndex.Max).Run(disk);
        return store.Newest;
    }
}

/// <summary>Gives an array in slices, and says "later" before each slice when it has several.</summary>
internal sealed class BytesSource(byte[] content, int slice = int.MaxValue) : ISnapshotSource
{
    private int _at;
    private bool _isReady;

    public int LargestBuffer { get; private set; }

    public int Read(Span<byte> into)
    {
        LargestBuffer = Math.Max(LargestBuffer, into.Length);
        _isReady = slice == int.MaxValue || !_isReady;
        if (!_isReady) return ISnapshotSource.Later;
        if (_at == content.Length) return ISnapshotSource.End;
        var given = content.AsSpan(_at, Math.Min(Math.Min(into.Length, slice), content.Length - _at));
        given.CopyTo(into);
        _at += given.Length;
        return given.Length;
    }
}

/// <summary>Keeps what it is given, every second time it is asked when it is slow.</summary>
internal sealed class BytesSink(bool isSlow = false) : ISnapshotSink
{
    private bool _refused;

    public List<byte> Content { get; } = [];

    public bool TryTake(ReadOnlySpan<byte> content)
    {
        _refused = isSlow && !_refused;
        if (!_refused) Content.AddRange(content);
        return !_refused;
    }
}
