using System.Buffers.Binary;
using Balsa.Raft.Log;

namespace Balsa.Storage.Snapshots.Format;

/// <summary>
/// How far a file is written or checked, at the border between two blocks. Writing and reading move it alike, so what one
/// writes is what the other expects.
/// </summary>
internal struct SnapshotChain
{
    /// <summary>What the end block holds besides its header.</summary>
    internal const int EndDataBytes = 32;

    /// <summary>Every whole file ends with this many bytes of end block.</summary>
    internal const int EndBytes = BlockHeader.Bytes + EndDataBytes;

    private readonly uint _salt;
    private uint _sum;

    /// <summary>Behind the head.</summary>
    internal SnapshotChain(in SnapshotIdentity identity, int headBytes, uint headChecksum)
    {
        _salt = identity.Salt;
        (Position, Checksum) = (headBytes, headChecksum);
    }

    /// <summary>Where the next block begins.</summary>
    internal long Position { get; private set; }

    /// <summary>Vouches for all bytes before <see cref="Position"/>: the checksum of the head, or of the last block's header.</summary>
    internal uint Checksum { get; private set; }

    /// <summary>Blocks of content so far.</summary>
    internal ulong Blocks { get; private set; }

    internal ulong ContentBytes { get; private set; }

    /// <summary>Puts header and padding around content that has room for a header before it. Answers how long the block is.</summary>
    internal int Seal(Span<byte> block, int length) => Seal(block, BlockKind.Data, length);

    /// <summary>Makes the end block.</summary>
    internal void SealEnd(Span<byte> block)
    {
        WriteEnd(block[BlockHeader.Bytes..]);
        Seal(block, BlockKind.End, EndDataBytes);
    }

    internal readonly bool TryRead(ReadOnlySpan<byte> source, out BlockHeader header, out uint checksum) =>
        BlockHeader.TryRead(source, _salt, Position, out header, out checksum);

    /// <summary>Whether the data of the end block says what was found before it.</summary>
    internal readonly bool IsEnd(ReadOnlySpan<byte> data)
    {
        Span<byte> expected = stackalloc byte[EndDataBytes];
        WriteEnd(expected);
        return data[..EndDataBytes].SequenceEqual(expected);
    }

    /// <summary>The block is whole: go behind it.</summary>
    internal void Pass(in BlockHeader header, uint checksum)
    {
        Position += BlockHeader.Bytes + BlockHeader.Padded((int)header.Length);
        Checksum = checksum;
        if (header.Kind != BlockKind.Data) return;
        Blocks++;
        ContentBytes += header.Length;
        Span<byte> dataChecksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(dataChecksum, header.DataChecksum);
        _sum = Crc32C.Continue(_sum, dataChecksum);
    }

    private int Seal(Span<byte> block, BlockKind kind, int length)
    {
        var data = block.Slice(BlockHeader.Bytes, BlockHeader.Padded(length));
        data[length..].Clear();
        var header = new BlockHeader(kind, (uint)length, Blocks, Checksum, Crc32C.Of(data[..length]));
        Pass(header, header.Write(block, _salt, Position));
        return BlockHeader.Bytes + data.Length;
    }

    private readonly void WriteEnd(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Blocks);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], ContentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], Position + EndBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[24..], _sum);
        destination[28..EndDataBytes].Clear();
    }
}
