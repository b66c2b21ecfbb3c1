using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Snapshots;
using Balsa.Storage.Snapshots.Format;
using Balsa.Storage.Steps;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots.Checks;

/// <summary>Files that are not what was written. Each check answers with what was not noticed, or null.</summary>
internal static class Damage
{
    private static readonly EntryId Old = Samples.Id(10), New = Samples.Id(20);

    public static string? EveryBitFlipped<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        var whole = Samples.FileOf(New);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] flipped = [.. whole];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            if (IsTaken<TProbe>(flipped)) return $"bit {bit} was not noticed";
        }
        return null;
    }

    public static string? EveryLength<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        var whole = Samples.FileOf(New);
        for (var length = 0; length < whole.Length; length++)
            if (IsTaken<TProbe>(whole[..length])) return $"the cut at {length} was not noticed";
        for (var more = 1; more < 100; more++)
            if (IsTaken<TProbe>([.. whole, .. new byte[more]])) return $"{more} more bytes were not noticed";
        return IsTaken<TProbe>([.. whole, .. whole]) ? "the file twice was not noticed" : null;
    }

    /// <summary>Blocks with right checksums of data in the wrong place: noticed there, or at the next block at the latest.</summary>
    public static string? BlocksMoved<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        const int stride = BlockHeader.Bytes + Samples.BlockBytes;
        var content = Samples.Content(New, 5 * Samples.BlockBytes);
        var whole = Samples.FileOf(New, content);
        var head = whole.Length - SnapshotChain.EndBytes - 5 * stride;
        byte[][] others = [Samples.FileOf(Old, content), Samples.FileOf(New, Samples.Content(Old, content.Length)), whole];
        foreach (var other in others)
        {
            for (var to = 0; to < 5; to++)
            {
                for (var from = 0; from < 5; from++)
                {
                    if (ReferenceEquals(other, whole) && from == to) continue;
                    byte[] moved = [.. whole];
                    other.AsSpan(head + from * stride, stride).CopyTo(moved.AsSpan(head + to * stride));
                    if (IsTaken<TProbe>(moved, to + 1)) return $"block {from} in the place of {to} was not noticed";
                    if (from == to) continue;
                    whole.AsSpan(head + to * stride, stride).CopyTo(moved.AsSpan(head + from * stride));
                    if (IsTaken<TProbe>(moved, Math.Min(from, to) + 1)) return $"blocks {from} and {to} swapped were not noticed";
                }
                byte[] without = [.. whole[..(head + to * stride)], .. whole[(head + (to + 1) * stride)..]];
                if (IsTaken<TProbe>(without, to)) return $"the absence of block {to} was not noticed";
            }
            // The same beginning, and from some block on the file of somebody else.
            for (var to = 1; to <= 5 && !ReferenceEquals(other, whole); to++)
                if (IsTaken<TProbe>([.. whole[..(head + to * stride)], .. other[(head + to * stride)..]], to))
                    return $"another file from block {to} on was not noticed";
        }
        return null;
    }

    /// <summary>The newest is damaged somewhere behind its head: the one before it is used.</summary>
    public static string? NewestDamaged<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        var length = Samples.FileOf(New).Length;
        for (var bad = 0; bad < length; bad++)
        {
            var disk = new MemoryDisk();
            Samples.Put(disk, Old);
            Samples.Put(disk, New);
            disk[Samples.Directory.PathOf(New)] = Transfers.Flipped(disk[Samples.Directory.PathOf(New)], bad);
            var newest = Samples.Newest<TProbe>(disk, out var store);
            // The first bytes may say that it is not ours, or newer; then nothing is used in its place.
            if (newest is null && store.Problem is { MayFallBack: false }) continue;
            if (newest?.Id != Old) return $"with byte {bad} damaged, {newest} was used";
        }
        return null;
    }

    /// <summary>Whether the file was taken for whole, or a receiver was given more blocks than stand before the damage.</summary>
    private static bool IsTaken<TProbe>(byte[] file, int blocksMax = int.MaxValue)
        where TProbe : struct, IStorageProbe
    {
        var disk = new MemoryDisk { [Samples.Directory.PathOf(New)] = file };
        var reader = new SnapshotReader<TProbe>(Samples.Directory.PathOf(New), Samples.Directory.IdentityOf(New));
        var sink = new BytesSink();
        reader.ReadWhole(new IoStep(), sink).Run(disk);
        if (!reader.IsWhole) Assert.NotEqual(SnapshotProblemKind.DiskFailed, reader.Problem!.Kind);
        return reader.IsWhole || sink.Content.Count / Samples.BlockBytes > blocksMax;
    }
}
