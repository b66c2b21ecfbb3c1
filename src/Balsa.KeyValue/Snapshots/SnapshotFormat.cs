using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Snapshots;

/// <summary>
/// The content of a snapshot: parts one after the other, each <c>kind | length | bytes</c>, kinds in ascending order. Storage
/// puts checksums around it; docs/formats/snapshot-content.md describes every byte.
/// </summary>
internal static class SnapshotFormat
{
    /// <summary>No part is longer: a record is bounded by the largest entry, a row of sessions by their answers.</summary>
    internal const int PartBytesMax = 64 << 20;

    internal const int ItemsAPart = 16;
    private const byte DeleteFlag = 1, LeaseFlag = 2;

    internal enum Part : byte
    {
        None = 0,

        /// <summary>index | term | log time | history hash | revision | compacted</summary>
        Head = 1,

        /// <summary>Alarms: pairs of member and type.</summary>
        Alarms = 2,

        /// <summary>A few leases.</summary>
        Leases = 3,

        /// <summary>A few sessions.</summary>
        Sessions = 4,

        /// <summary>A key as it was at the compacted revision and has been since before it; keys ascend.</summary>
        Key = 5,

        /// <summary>One mutation since the compacted revision; in order.</summary>
        Event = 6,

        /// <summary>keys | events | content hash | hash of the bytes of all parts before</summary>
        End = 7,
    }

    internal static void WriteRecord(ByteWriter into, in Record record)
    {
        into.Byte((byte)((record.IsDelete ? DeleteFlag : 0) | (record.Lease != 0 ? LeaseFlag : 0)));
        into.Bytes(record.Key);
        into.Varint(record.Modified);
        if (record.IsDelete) return;
        into.Varint(record.Created);
        into.Varint(record.Version);
        if (record.Lease != 0) into.Fixed64((ulong)record.Lease);
        into.Bytes(record.Value);
    }

    internal static bool TryReadRecord(ReadOnlySpan<byte> part, out Record record)
    {
        var from = new ByteReader(part);
        var flags = from.Byte();
        var key = from.Bytes();
        var modified = from.Number();
        if (flags == DeleteFlag)
        {
            record = new Record { IsDelete = true, Key = key, Modified = modified };
        }
        else
        {
            var created = from.Number();
            var version = from.Number();
            var lease = (flags & LeaseFlag) != 0 ? (long)from.Fixed64() : 0;
            record = new Record
            {
                Key = key, Modified = modified, Created = created, Version = version, Lease = lease, Value = from.Bytes(),
            };
            if (flags > LeaseFlag || (flags != 0 && lease == 0) || created < 1 || created > modified || version < 1) return false;
        }

        return from.EndedWell && !key.IsEmpty;
    }
}
