using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Probes;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.Recovering;

namespace Balsa.Storage.Doctor;

/// <summary>Looks at every record of a segment's bytes, each for itself: damage hides only what it hit.</summary>
internal sealed class SegmentExaminer(DirectoryIdentity owner, DirectoryReport report, bool listsRecords)
{
    private int _blockBytes = SegmentHead.BlockBytesMin;

    /// <summary>Of the newest readable head: with what sizes the log goes on.</summary>
    internal SegmentHead? LastHead { get; private set; }

    internal SegmentReport Examine(ulong sequence, ReadOnlyMemory<byte> bytes)
    {
        var head = SegmentHead.TryRead(bytes.Span, out var checksum);
        var isOther = SegmentHead.IsOtherFormat(bytes.Span, out var format);
        if (head is not null && (head.Owner != owner || head.Sequence != sequence)) head = null;
        LastHead = head ?? LastHead;
        _blockBytes = head?.BlockBytes ?? _blockBytes;
        var image = new SegmentImage<NoStorageProbe>(sequence, bytes, owner, _blockBytes);
        var mark = image.Mark;
        var segment = new SegmentReport(sequence, SegmentName.OfLive(sequence), bytes.Length)
        {
            IsHeadGood = head is not null, OtherFormat = isOther ? format : 0, Epoch = head?.Epoch ?? 0,
            Previous = head?.Previous.Sequence ?? 0, End = image.FirstRecord,
        };
        Walk(image, segment, checksum);
        return segment with { Close = StateOf(mark, segment.End) };
    }

    private static CloseState StateOf(CloseMark mark, long end)
    {
        if (mark.LeftForNext) return CloseState.Left;
        return mark.Number > 0 && mark.DurableUpTo >= end ? CloseState.Closed : CloseState.Open;
    }

    private void Walk(SegmentImage<NoStorageProbe> image, SegmentReport segment, uint chain)
    {
        for (long at = image.FirstRecord; at <= image.Length - RecordHeader.Bytes;)
        {
            if (!image.TryHeader(at, out var header, out var checksum))
            {
                at += 8;
                continue;
            }

            var isGood = image.IsPayloadGood(at, header);
            segment.RecordCount++;
            if (header.Type == RecordType.Entry) segment.EntryCount++;
            if (!isGood) segment.BadCount++;
            else NoteConfiguration(header, image.PayloadOf(at, header));
            if (listsRecords) segment.RecordList.Add(Describe(at, header, isGood, header.Chain == chain));
            chain = checksum;
            at += header.TotalBytes;
            segment.End = at;
        }
    }

    private static RecordReport Describe(long at, in RecordHeader header, bool isGood, bool follows)
    {
        var type = header.Type == RecordType.Entry ? $"Entry {(EntryKind)header.Detail}" : header.Type.ToString();
        return new RecordReport(
            at, type, header.Epoch, header.Last, header.Length, header.DurableUpTo, header.HardStates, isGood, follows);
    }

    private void NoteConfiguration(in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        var skipped = header.Type switch
        {
            RecordType.Base => Records.BaseBytes,
            RecordType.Entry when header.Detail == (byte)EntryKind.Configuration => 0,
            _ => -1,
        };
        if (skipped < 0 || payload.Length < skipped) return;
        if (ConfigurationCodec.TryRead(payload[skipped..], out var configuration)) report.Note(configuration, owner);
    }
}
