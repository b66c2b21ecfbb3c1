using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Storage.Wal;

/// <summary>What a record holds. The values are on disk: never renumber. 0 is no kind.</summary>
internal enum RecordKind : byte
{
    /// <summary>The first record: format version, cluster, member, incarnation, founding configuration.</summary>
    Identity = 1,

    /// <summary>A start of the member, by number.</summary>
    Boot = 2,

    /// <summary>Term and vote.</summary>
    HardState = 3,
    Entry = 4,

    /// <summary>Entries from an index on are dropped.</summary>
    Truncate = 5,

    /// <summary>The highest boot seen of another member.</summary>
    Peer = 6,

    /// <summary>A clean stop: everything before is synced.</summary>
    Close = 7,
}

/// <summary>One record of the log file.</summary>
/// <remarks>
/// <code>
/// 0        4        8      9        16       24         32
/// +--------+--------+------+--------+--------+----------+---------+
/// | length | crc32c | kind | 0      | group  | synced   | payload |
/// +--------+--------+------+--------+--------+----------+---------+
/// </code>
/// Little-endian. The checksum covers everything but itself and begins with the directory's incarnation, so that no value
/// that a client stores can pass for a record. "Synced" is how far the file was durable when the record was written:
/// damage below the highest one found is damage, anything after it may be the torn end of the last batch.
/// </remarks>
internal readonly ref struct RecordFrame
{
    internal const int HeaderBytes = 32;
    internal const int PayloadBytesMax = 1 << 30;

    private RecordFrame(RecordKind kind, GroupId group, ulong synced, ReadOnlySpan<byte> payload)
    {
        (Kind, Group, Synced) = (kind, group, synced);
        Payload = payload;
    }

    internal RecordKind Kind { get; }

    internal GroupId Group { get; }

    internal ulong Synced { get; }

    internal ReadOnlySpan<byte> Payload { get; }

    internal int TotalBytes => HeaderBytes + Payload.Length;

    /// <summary>Writes the header before a payload that is already in place behind it.</summary>
    internal static void Seal(Span<byte> record, RecordKind kind, GroupId group, ulong synced, Incarnation incarnation)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(record.Length - HeaderBytes));
        record[8] = (byte)kind;
        record[9..16].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], group.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(record[24..], synced);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Checksum(record, incarnation));
    }

    /// <summary>All or nothing: false for anything that <see cref="Seal"/> would not have written for this directory.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, Incarnation incarnation, out RecordFrame frame)
    {
        frame = default;
        if (source.Length < HeaderBytes) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length > PayloadBytesMax || length > (uint)(source.Length - HeaderBytes)) return false;
        var kind = (RecordKind)source[8];
        if (kind is < RecordKind.Identity or > RecordKind.Close || source[9..16].ContainsAnyExcept((byte)0)) return false;
        var record = source[..(HeaderBytes + (int)length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Checksum(record, incarnation)) return false;
        frame = new RecordFrame(
            kind, new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(source[16..])),
            BinaryPrimitives.ReadUInt64LittleEndian(source[24..]), record[HeaderBytes..]);
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> record, Incarnation incarnation)
    {
        Span<byte> salt = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(salt, incarnation.Value);
        return Crc32C.Continue(Crc32C.Continue(Crc32C.Of(salt), record[..4]), record[8..]);
    }
}
