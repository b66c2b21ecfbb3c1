using System.Buffers.Binary;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Writing;

/// <summary>Makes the header of a record that gets its place, and moves the log's state and the segment's end behind it.</summary>
internal abstract class RecordSealer
{
    internal abstract void Seal(
        Span<byte> record, RecordType type, byte detail, GroupId group, EntryId id, int length, uint crc, LiveSegment live);
}

/// <inheritdoc/>
internal sealed class RecordSealer<TProbe>(DirectoryIdentity owner, LogState state) : RecordSealer where TProbe : struct, IStorageProbe
{
    internal override void Seal(
        Span<byte> record, RecordType type, byte detail, GroupId group, EntryId id, int length, uint crc, LiveSegment live)
    {
        var payload = record.Slice(RecordHeader.Bytes, length);
        // What is freed by a base is decided here, where the segments are known.
        if (type == RecordType.Base) Records.WriteOldest(payload, state.OldestFor(Records.ReadBoundary(payload).Index));
        var header = new RecordHeader
        {
            Chain = live.Chain, Length = length, PayloadCrc = type == RecordType.Entry ? crc : Crc32C.Of(payload), Type = type,
            Detail = detail, Epoch = type == RecordType.Boot ? (uint)BinaryPrimitives.ReadUInt64LittleEndian(payload) : state.Epoch,
            DurableUpTo = default(TProbe).Plants(StorageMutant.DurableClaimedTooFar) ? live.End : live.Durable,
            HardStates = state.HardStates + (type == RecordType.HardState ? 1U : 0), Group = group,
            Last = LastAfter(type, payload, id),
        };
        live.Chain = header.Write(record, new SegmentSalt<TProbe>(owner.Incarnation, live.Sequence), live.End);
        var makesSense = state.TryApply(header, payload, new RecordPlace(live.Sequence, live.End));
        Invariant.Check(makesSense);
        live.End += (uint)record.Length;
    }

    private EntryId LastAfter(RecordType type, ReadOnlySpan<byte> payload, EntryId id)
    {
        switch (type)
        {
            case RecordType.Entry: return id;
            case RecordType.Truncation:
                var last = new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload)).Previous;
                return new EntryId(state.Map.TermAt(last), last);
            case RecordType.Base:
                var boundary = Records.ReadBoundary(payload);
                return boundary.Index < state.Map.Base.Index || state.Map.Contains(boundary) ? state.Last : boundary;
            default: return state.Last;
        }
    }
}
