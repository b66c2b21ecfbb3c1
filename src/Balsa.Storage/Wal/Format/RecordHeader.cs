using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;

namespace Balsa.Storage.Wal.Format;

/// <summary>The first 56 bytes of every record.</summary>
/// <remarks>
/// <code>
///  0          4       8        12            16     17       18    20      24             28           32
/// +----------+-------+--------+-------------+------+--------+-----+-------+--------------+------------+
/// | checksum | chain | length | payload crc | type | detail |  0  | epoch | durable upto | hardstates |
/// +----------+-------+--------+-------------+------+--------+-----+-------+--------------+------------+
/// +-------+------------+-----------+------------------------------+
/// | group | last index | last term | payload, zeros to 8 bytes ...|
/// +-------+------------+-----------+------------------------------+
///  32      40           48          56
/// </code>
/// Little-endian. The checksum is salted with directory, segment and place and covers the rest of the header, so that a
/// length is believed only when it is certain.
/// </remarks>
internal readonly record struct RecordHeader
{
    internal const int Bytes = 56;

    /// <summary>Checksum of the header of the record before, or of the segment's head: records form a chain.</summary>
    internal uint Chain { get; init; }

    /// <summary>Of the payload.</summary>
    internal int Length { get; init; }

    /// <summary>Of the payload; for an entry the one that its proposer made.</summary>
    internal uint PayloadCrc { get; init; }

    internal RecordType Type { get; init; }

    /// <summary>The kind of an entry, else 0.</summary>
    internal byte Detail { get; init; }

    /// <summary>The start of the member that wrote it.</summary>
    internal uint Epoch { get; init; }

    /// <summary>How far the segment was on stable media when this was written: damage below is damage, never a torn end.</summary>
    internal uint DurableUpTo { get; init; }

    /// <summary>How many terms and votes were stored up to and with this record, so that a lost one is missed.</summary>
    internal uint HardStates { get; init; }

    internal GroupId Group { get; init; }

    /// <summary>The last entry of the log after this record.</summary>
    internal EntryId Last { get; init; }

    /// <summary>The record with its payload and the zeros behind it.</summary>
    internal int TotalBytes => TotalOf(Length);

    internal static int TotalOf(int payload) => (Bytes + payload + 7) & ~7;

    /// <summary>Writes the header and answers its checksum, which is the next record's chain.</summary>
    internal uint Write<TProbe>(Span<byte> target, SegmentSalt<TProbe> salt, long offset) where TProbe : struct, IStorageProbe
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], Chain);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], PayloadCrc);
        (target[16], target[17], target[18], target[19]) = ((byte)Type, Detail, 0, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(target[20..], Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(target[24..], DurableUpTo);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], HardStates);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], Last.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], Last.Term.Value);
        var checksum = salt.Checksum(offset, target[4..Bytes]);
        BinaryPrimitives.WriteUInt32LittleEndian(target, checksum);
        return checksum;
    }

    /// <summary>A header that was written for this very place; its record lies within the segment.</summary>
    internal static bool TryRead<TProbe>(
        ReadOnlySpan<byte> segment, long offset, SegmentSalt<TProbe> salt, out RecordHeader header, out uint checksum)
        where TProbe : struct, IStorageProbe
    {
        (header, checksum) = (default, 0);
        if (offset < 0 || offset > segment.Length - Bytes) return false;
        if (!TryReadAt(segment.Slice((int)offset, Bytes), offset, salt, out header, out checksum)) return false;
        return header.Length >= 0 && header.Length <= segment.Length - offset - Bytes && header.TotalBytes <= segment.Length - offset;
    }

    /// <summary>A header that was written for this very place. What it says of its length is certain, and may pass what is read.</summary>
    internal static bool TryReadAt<TProbe>(
        ReadOnlySpan<byte> source, long offset, SegmentSalt<TProbe> salt, out RecordHeader header, out uint checksum)
        where TProbe : struct, IStorageProbe
    {
        (header, checksum) = (default, 0);
        // Most of what is looked at is untouched space, which this tells without a checksum. A type that is not known yet is
        // a record all the same: it must stop the reader and not pass for the end of the log.
        if (source[16] == 0 || source[18] != 0 || source[19] != 0) return false;
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (checksum != salt.Checksum(offset, source[4..]) && !default(TProbe).Plants(StorageMutant.HeaderChecksumIgnored)) return false;
        header = new RecordHeader
        {
            Chain = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), Length = BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            PayloadCrc = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]), Type = (RecordType)source[16], Detail = source[17],
            Epoch = BinaryPrimitives.ReadUInt32LittleEndian(source[20..]),
            DurableUpTo = BinaryPrimitives.ReadUInt32LittleEndian(source[24..]),
            HardStates = BinaryPrimitives.ReadUInt32LittleEndian(source[28..]),
            Group = new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(source[32..])),
            Last = new EntryId(
                new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[48..])),
                new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[40..]))),
        };
        return true;
    }
}
