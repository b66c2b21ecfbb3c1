using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal.Format;

namespace Balsa.Storage.Wal.Recovering;

/// <summary>A segment's bytes in memory, and what can be said of single records in it.</summary>
internal sealed class SegmentImage<TProbe>(ulong sequence, ReadOnlyMemory<byte> bytes, DirectoryIdentity owner, int blockBytes)
    where TProbe : struct, IStorageProbe
{
    private readonly SegmentSalt<TProbe> _salt = new(owner.Incarnation, sequence);

    internal ulong Sequence => sequence;

    internal int Length => bytes.Length;

    internal uint FirstRecord => 3 * (uint)blockBytes;

    internal ReadOnlySpan<byte> Span => bytes.Span;

    internal CloseMark Mark => CloseMark.NewestIn(bytes.Span, blockBytes, _salt);

    internal bool TryHeader(long offset, out RecordHeader header, out uint checksum) =>
        RecordHeader.TryRead(bytes.Span, offset, _salt, out header, out checksum);

    /// <summary>The record that follows the one with the given checksum: header, payload and padding are all as written.</summary>
    internal bool TryRecord(long offset, uint chain, out RecordHeader header, out uint checksum)
    {
        if (!TryHeader(offset, out header, out checksum)) return false;
        if (header.Chain != chain) return false;
        return IsPayloadGood(offset, header);
    }

    internal bool IsPayloadGood(long offset, in RecordHeader header)
    {
        if (Crc32C.Of(PayloadOf(offset, header)) != header.PayloadCrc && !Plants(StorageMutant.PayloadChecksumIgnored)) return false;
        var padding = bytes.Span[((int)offset + RecordHeader.Bytes + header.Length)..((int)offset + header.TotalBytes)];
        return !padding.ContainsAnyExcept((byte)0) || Plants(StorageMutant.PaddingIgnored);
    }

    internal ReadOnlySpan<byte> PayloadOf(long offset, in RecordHeader header) =>
        bytes.Span.Slice((int)offset + RecordHeader.Bytes, header.Length);

    private static bool Plants(StorageMutant mutant) => default(TProbe).Plants(mutant);
}
