using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;

namespace Balsa.Storage.Wal.Format;

/// <summary>
/// Begins every checksum of a segment with whose it is, which segment, and where in it. Bytes of an earlier life of the
/// same file, of another directory, of another place, or of a value that a client stored never fit.
/// </summary>
internal readonly struct SegmentSalt<TProbe> where TProbe : struct, IStorageProbe
{
    private readonly uint _seed;

    internal SegmentSalt(Incarnation incarnation, ulong sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, incarnation.Value);
        if (!default(TProbe).Plants(StorageMutant.SegmentSaltIgnored)) BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], sequence);
        else bytes[8..].Clear();
        _seed = Crc32C.Of(bytes);
    }

    internal uint Checksum(long offset, ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(place, offset);
        return Crc32C.Continue(Crc32C.Continue(_seed, place), bytes);
    }
}
