using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Storage.Wal.Format;

/// <summary>Where the log continued from: a segment, the end of its records, and the checksum of the last one.</summary>
internal readonly record struct LogPlace(ulong Sequence, uint End, uint Chain);

/// <summary>What the log had promised at some moment, repeated so that damage elsewhere cannot make it forgotten.</summary>
internal readonly record struct Promises(HardState HardState, uint HardStates, EntryId Last);

/// <summary>
/// The first block of a segment. On stable media before the segment gets its name, so a bad one is damage and never a
/// torn write.
/// </summary>
/// <remarks>
/// Magic, format, checksum and the bytes of a block keep their places in every later format, so that another build's file
/// can be told from a damaged one.
/// <code>
///   0 magic "BALSAWAL"     8 format     12 checksum of the block, this field as zero
///  16 cluster   24 member   32 incarnation   40 sequence
///  48 bytes of the segment   56 bytes of a block   60 epoch
///  64 previous: sequence   72 end   76 chain        80 group
///  88 term   96 vote   104 hardstates   108 begun upto   112 last index   120 last term   128 zeros to the end of the block
/// </code>
/// </remarks>
internal sealed record SegmentHead(DirectoryIdentity Owner, ulong Sequence, long SegmentBytes, int BlockBytes)
{
    internal const uint Format = 1;
    internal const int BlockBytesMin = 512, BlockBytesMax = 64 * 1024;
    private const ulong Magic = 0x4c41_5741_534c_4142;

    internal uint Epoch { get; init; }

    internal LogPlace Previous { get; init; }

    internal GroupId Group { get; init; }

    internal Promises Promises { get; init; }

    /// <summary>The end of the records with which the segment begins: they are on stable media before it has its name.</summary>
    internal uint BegunUpTo { get; init; }

    /// <summary>Block 0 is the head, 1 and 2 are for closes, then come the records.</summary>
    internal uint FirstRecord => 3 * (uint)BlockBytes;

    /// <summary>Writes the block and answers its checksum, with which the chain of the segment begins.</summary>
    internal uint Write(Span<byte> block)
    {
        block.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], Format);
        BinaryPrimitives.WriteUInt64LittleEndian(block[16..], Owner.Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(block[24..], Owner.Member.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(block[32..], Owner.Incarnation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(block[40..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(block[48..], SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[56..], BlockBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(block[60..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(block[64..], Previous.Sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(block[72..], Previous.End);
        BinaryPrimitives.WriteUInt32LittleEndian(block[76..], Previous.Chain);
        BinaryPrimitives.WriteUInt64LittleEndian(block[80..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(block[88..], Promises.HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(block[96..], Promises.HardState.VotedFor.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(block[104..], Promises.HardStates);
        BinaryPrimitives.WriteUInt32LittleEndian(block[108..], BegunUpTo);
        BinaryPrimitives.WriteUInt64LittleEndian(block[112..], Promises.Last.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(block[120..], Promises.Last.Term.Value);
        var checksum = Crc32C.Of(block);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], checksum);
        return checksum;
    }

    /// <summary>Whether the bytes begin with a whole head of another format: then it is no damage but another build's file.</summary>
    internal static bool IsOtherFormat(ReadOnlySpan<byte> segment, out uint format) =>
        TryCheck(segment, out format, out _, out _) && format != Format;

    internal static SegmentHead? TryRead(ReadOnlySpan<byte> segment, out uint checksum)
    {
        if (!TryCheck(segment, out var format, out checksum, out var blockBytes) || format != Format) return null;
        var block = segment[..blockBytes];
        return new SegmentHead(
            new DirectoryIdentity(
                BinaryPrimitives.ReadUInt64LittleEndian(block[16..]), new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(block[24..])),
                new Incarnation(BinaryPrimitives.ReadUInt64LittleEndian(block[32..]))),
            BinaryPrimitives.ReadUInt64LittleEndian(block[40..]), BinaryPrimitives.ReadInt64LittleEndian(block[48..]), blockBytes)
        {
            Epoch = BinaryPrimitives.ReadUInt32LittleEndian(block[60..]),
            Previous = new LogPlace(
                BinaryPrimitives.ReadUInt64LittleEndian(block[64..]), BinaryPrimitives.ReadUInt32LittleEndian(block[72..]),
                BinaryPrimitives.ReadUInt32LittleEndian(block[76..])),
            Group = new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(block[80..])),
            BegunUpTo = BinaryPrimitives.ReadUInt32LittleEndian(block[108..]),
            Promises = new Promises(
                new HardState(
                    new Term(BinaryPrimitives.ReadUInt64LittleEndian(block[88..])),
                    new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(block[96..]))),
                BinaryPrimitives.ReadUInt32LittleEndian(block[104..]),
                new EntryId(
                    new Term(BinaryPrimitives.ReadUInt64LittleEndian(block[120..])),
                    new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(block[112..])))),
        };
    }

    private static bool TryCheck(ReadOnlySpan<byte> segment, out uint format, out uint checksum, out int blockBytes)
    {
        (format, checksum, blockBytes) = (0, 0, 0);
        if (segment.Length < BlockBytesMin || BinaryPrimitives.ReadUInt64LittleEndian(segment) != Magic) return false;
        format = BinaryPrimitives.ReadUInt32LittleEndian(segment[8..]);
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(segment[12..]);
        blockBytes = BinaryPrimitives.ReadInt32LittleEndian(segment[56..]);
        if (blockBytes is < BlockBytesMin or > BlockBytesMax || blockBytes > segment.Length) return false;
        Span<byte> none = stackalloc byte[4];
        none.Clear();
        return Crc32C.Continue(Crc32C.Continue(Crc32C.Of(segment[..12]), none), segment[16..blockBytes]) == checksum;
    }
}
