using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;

namespace Balsa.Storage.Wal.Format;

/// <summary>
/// Says that the segment is on stable media up to a place. Written when the log falls idle or is left for the next
/// segment, in one of two blocks in turn: far away from the records it speaks of, so that one fault cannot hit both, and
/// never over the newest one.
/// </summary>
/// <remarks>
/// <code>
/// 0 checksum   4 number   8 durable upto   12 chain   16 epoch   20 hardstates   24 group
/// 32 term   40 vote   48 last index   56 last term   64 left for the next segment (1 byte)   65 zeros   72
/// </code>
/// </remarks>
internal readonly record struct CloseMark(uint Number, uint DurableUpTo, uint Chain, uint Epoch)
{
    internal const int Bytes = 72;

    internal GroupId Group { get; init; }

    internal Promises Promises { get; init; }

    /// <summary>The log went on in another segment; when there is none, it is missing.</summary>
    internal bool LeftForNext { get; init; }

    internal static uint OffsetOf(uint number, int blockBytes) => (uint)blockBytes * (1 + (number & 1));

    internal void Write<TProbe>(Span<byte> target, SegmentSalt<TProbe> salt, long offset) where TProbe : struct, IStorageProbe
    {
        target[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Number);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], DurableUpTo);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Chain);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], Promises.HardStates);
        BinaryPrimitives.WriteUInt64LittleEndian(target[24..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Promises.HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], Promises.HardState.VotedFor.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], Promises.Last.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], Promises.Last.Term.Value);
        target[64] = LeftForNext ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(target, salt.Checksum(offset, target[4..Bytes]));
    }

    /// <summary>The newest readable mark of a segment; number 0 when there is none.</summary>
    internal static CloseMark NewestIn<TProbe>(ReadOnlySpan<byte> segment, int blockBytes, SegmentSalt<TProbe> salt)
        where TProbe : struct, IStorageProbe
    {
        var a = Read(segment, OffsetOf(0, blockBytes), salt);
        var b = Read(segment, OffsetOf(1, blockBytes), salt);
        return a.Number >= b.Number ? a : b;
    }

    private static CloseMark Read<TProbe>(ReadOnlySpan<byte> segment, uint offset, SegmentSalt<TProbe> salt)
        where TProbe : struct, IStorageProbe
    {
        if (segment.Length < offset + Bytes) return default;
        var source = segment.Slice((int)offset, Bytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != salt.Checksum(offset, source[4..])) return default;
        return new CloseMark(
            BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), BinaryPrimitives.ReadUInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[12..]), BinaryPrimitives.ReadUInt32LittleEndian(source[16..]))
        {
            Group = new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
            Promises = new Promises(
                new HardState(
                    new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[32..])),
                    new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(source[40..]))),
                BinaryPrimitives.ReadUInt32LittleEndian(source[20..]),
                new EntryId(
                    new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[56..])),
                    new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[48..])))),
            LeftForNext = source[64] == 1,
        };
    }
}
