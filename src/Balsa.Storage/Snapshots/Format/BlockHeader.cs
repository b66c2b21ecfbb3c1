using System.Buffers.Binary;
using Balsa.Raft.Log;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>The values are on disk: never renumber. 0 is no kind.</summary>
internal enum BlockKind : uint
{
    Data = 1,

    /// <summary>The last one: what the file holds in all.</summary>
    End = 2,
}

/// <summary>
/// What stands before the data of a block, and vouches for it. Its checksum begins with the identity of the snapshot and
/// the place in the file, and covers the checksum before it and the one of the data, so it vouches for the whole file up
/// to the end of its block.
/// <code>
/// 0      4        8        16      20            24  28       32
/// +------+--------+--------+-------+-------------+---+--------+------+--------------+
/// | kind | length | number | chain | data crc32c | 0 | crc32c | data | 0, to 8n     |
/// +------+--------+--------+-------+-------------+---+--------+------+--------------+
/// </code>
/// </summary>
internal readonly record struct BlockHeader(BlockKind Kind, uint Length, ulong Number, uint Chain, uint DataChecksum)
{
    internal const int Bytes = 32;
    private const int ChecksumAt = Bytes - 4;

    internal static int Padded(int length) => (length + 7) & ~7;

    /// <summary>Writes the header for a place in a file; the answer is its checksum.</summary>
    internal uint Write(Span<byte> destination, uint salt, long position)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Number);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[16..], Chain);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], DataChecksum);
        destination[24..ChecksumAt].Clear();
        var checksum = Checksum(destination, salt, position);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[ChecksumAt..], checksum);
        return checksum;
    }

    /// <summary>False for anything that <see cref="Write"/> would not have written at this place of this snapshot.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, uint salt, long position, out BlockHeader header, out uint checksum)
    {
        header = default;
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumAt..]);
        if (checksum != Checksum(source, salt, position) || source[24..ChecksumAt].ContainsAnyExcept((byte)0)) return false;
        header = new BlockHeader(
            (BlockKind)BinaryPrimitives.ReadUInt32LittleEndian(source), BinaryPrimitives.ReadUInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]), BinaryPrimitives.ReadUInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[20..]));
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> header, uint salt, long position)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(place, position);
        return Crc32C.Continue(Crc32C.Continue(salt, place), header[..ChecksumAt]);
    }
}
