using System.Buffers.Binary;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Reading;

namespace Balsa.Storage.Wal;

/// <summary>Reads a log file from its beginning and decides about its end. Pure: bytes in, state out.</summary>
internal sealed class LogReplay(ReadOnlyMemory<byte> file, string path, DirectoryIdentity owner)
{
    internal const uint FormatVersion = 1;
    internal const int IdentityBytes = 28, EntryHeaderBytes = 24;

    private RecoveredLog _recovered = null!;

    /// <summary>Where the valid records end and the next one belongs.</summary>
    internal int End { get; private set; }

    internal RecoveredLog Run()
    {
        var bytes = file.Span;
        // The first record is salted with nothing, so that a foreign log is named as such and not called damaged.
        if (!RecordFrame.TryRead(bytes, default, out var first) || first.Kind != RecordKind.Identity) throw Damaged(0);
        ReadIdentity(first.Payload);
        End = first.TotalBytes;
        while (End < bytes.Length)
        {
            if (!RecordFrame.TryRead(bytes[End..], owner.Incarnation, out var record))
            {
                if (HighestSyncedAfter(bytes, End) > (ulong)End) throw Damaged(End);
                break;
            }

            Take(record);
            End += record.TotalBytes;
        }

        _recovered.CutBytes = bytes.Length - End;
        return _recovered;
    }

    /// <summary>How far records beyond the bad one say that the file had been durable before they were written.</summary>
    private ulong HighestSyncedAfter(ReadOnlySpan<byte> bytes, int bad)
    {
        ulong highest = 0;
        for (var at = bad + 1; at <= bytes.Length - RecordFrame.HeaderBytes;)
        {
            if (RecordFrame.TryRead(bytes[at..], owner.Incarnation, out var record))
            {
                highest = Math.Max(highest, record.Synced);
                at += record.TotalBytes;
            }
            else
            {
                at++;
            }
        }

        return highest;
    }

    private void ReadIdentity(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < IdentityBytes) throw Damaged(0);
        var version = BinaryPrimitives.ReadUInt32LittleEndian(payload);
        if (version != FormatVersion)
            throw new StorageException(
                $"{path} has format {version}, and this build reads format {FormatVersion}. Use the build that wrote it.");
        var found = new DirectoryIdentity(
            BinaryPrimitives.ReadUInt64LittleEndian(payload[4..]), new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(payload[12..])),
            new Incarnation(BinaryPrimitives.ReadUInt64LittleEndian(payload[20..])));
        if (found != owner)
        {
            throw new StorageException(
                $"{path} is the log of member {found.Member.Value} of cluster {found.Cluster:x}, and the directory belongs to another. "
                + "Put the right log back, or replace this member.");
        }

        if (!ConfigurationCodec.TryRead(payload[IdentityBytes..], out var founding)) throw Damaged(0);
        _recovered = new RecoveredLog { Founding = founding };
    }

    private void Take(in RecordFrame record)
    {
        var payload = record.Payload;
        switch (record.Kind)
        {
            case RecordKind.Boot when payload.Length == 8:
                _recovered.Boot = new Boot(BinaryPrimitives.ReadUInt64LittleEndian(payload));
                break;
            case RecordKind.HardState when payload.Length == 16:
                _recovered.HardState = new HardState(
                    new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
                    new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])));
                break;
            case RecordKind.Entry when payload.Length >= EntryHeaderBytes: TakeEntry(payload); break;
            case RecordKind.Truncate when payload.Length == 8: TakeTruncation(BinaryPrimitives.ReadUInt64LittleEndian(payload)); break;
            case RecordKind.Peer when payload.Length == 24:
                _recovered.Peers.Add(new SeenPeer(
                    new MemberId(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
                    new Incarnation(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])),
                    new Boot(BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]))));
                break;
            case RecordKind.Close when payload.IsEmpty: break;
            default: throw Damaged(End);
        }
    }

    private void TakeEntry(ReadOnlySpan<byte> payload)
    {
        var id = new EntryId(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])),
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload)));
        var kind = (EntryKind)payload[20];
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(payload[16..]);
        var entries = _recovered.Entries;
        var follows = id.Index.Value == (ulong)entries.Count + 1 && (entries.Count == 0 || id.Term >= entries[^1].Ref.Id.Term);
        var known = kind is >= EntryKind.Noop and <= EntryKind.Configuration && !payload[21..24].ContainsAnyExcept((byte)0);
        if (!follows || !known || Crc32C.Of(payload[EntryHeaderBytes..]) != crc) throw Damaged(End);
        var bytes = file.Slice(End + RecordFrame.HeaderBytes + EntryHeaderBytes, payload.Length - EntryHeaderBytes);
        entries.Add(new LogEntry(new EntryRef(id, kind, (uint)bytes.Length, crc, default), bytes));
    }

    private void TakeTruncation(ulong from)
    {
        var entries = _recovered.Entries;
        if (from == 0 || from > (ulong)entries.Count + 1) throw Damaged(End);
        entries.RemoveRange((int)from - 1, entries.Count - (int)from + 1);
    }

    private StorageException Damaged(int at) => new(
        $"{path} is damaged at byte {at}: records that were durable cannot be read, so what this member promised is lost. "
        + "It does not start from that. Restore the file from a copy, or replace this member; the others have the data.");
}
