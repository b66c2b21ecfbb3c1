using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Writing;

/// <summary>
/// Records that go to the disk together, in the order in which they were put in. Their bytes lie one behind the other with
/// room for the headers, so that a batch is one write; the headers are made when it is known where the records will lie.
/// </summary>
public sealed class WalBatch
{
    private const int FirstBytes = 64 * 1024;

    private readonly WalOptions _options;
    private readonly List<Waiting> _waiting = [];
    private byte[] _bytes = new byte[FirstBytes];
    private int _used;

    internal WalBatch(WalOptions options) => _options = options;

    private readonly record struct Waiting(RecordType Type, byte Detail, GroupId Group, EntryId Id, int Start, int Length, uint Crc);

    /// <summary>More should wait for the next batch. A first record is taken whatever its size.</summary>
    public bool IsFull => _used >= _options.BatchBytesMax;

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>How many of the records have a place in the log already.</summary>
    internal int Placed { get; private set; }

    /// <summary>The length of all records together.</summary>
    internal int Bytes => _used;

    internal bool IsPlaced => Placed == _waiting.Count;

    public void SaveHardState(GroupId group, HardState hardState) =>
        Records.WriteHardState(Add(RecordType.HardState, group, default, 16), hardState);

    /// <exception cref="StorageException">The entry is larger than segments allow.</exception>
    public void Append(GroupId group, in EntryRef entry, ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(entry.Length == (uint)bytes.Length);
        bytes.CopyTo(Add(RecordType.Entry, group, entry.Id, bytes.Length, (byte)entry.Kind, entry.Crc));
    }

    public void TruncateFrom(GroupId group, LogIndex from) =>
        Records.WriteTruncation(Add(RecordType.Truncation, group, default, 8), from);

    public void NotePeer(GroupId group, SeenPeer peer) => Records.WritePeer(Add(RecordType.Peer, group, default, 24), peer);

    /// <summary>
    /// The log begins after this entry from now on, because a snapshot of it is on stable media. Entries after it stay if
    /// it is in the log; a log that does not have it is dropped.
    /// </summary>
    public void BeginAfter(GroupId group, EntryId boundary, Configuration configuration) =>
        Records.WriteBase(Add(RecordType.Base, group, default, Records.BaseLength(configuration)), boundary, configuration);

    /// <summary>Everything that damage had taken is back.</summary>
    public void NoteRecovered(GroupId group) => Add(RecordType.Recovered, group, default, 0);

    internal void AddBoot(GroupId group, Boot boot) => Records.WriteBoot(Add(RecordType.Boot, group, default, 8), boot);

    internal void AddLost(GroupId group, LostEntries lost) => Records.WriteLost(Add(RecordType.Recovering, group, default, 24), lost);

    internal void Clear()
    {
        _waiting.Clear();
        (_used, Placed) = (0, 0);
        if (_bytes.Length > Math.Max(FirstBytes, 4 * _options.BatchBytesMax)) _bytes = new byte[FirstBytes];
    }

    /// <summary>
    /// Gives as many records as fit their place in the live segment, and answers their bytes: sealed, ready to be written
    /// at the segment's end as it was before. Nothing when not even one fits.
    /// </summary>
    internal ReadOnlyMemory<byte> Place(RecordSealer sealer, LiveSegment live, int countMax = int.MaxValue)
    {
        if (IsPlaced) return default;
        var first = _waiting[Placed].Start;
        var end = first;
        while (Placed < _waiting.Count && countMax-- > 0)
        {
            var next = _waiting[Placed];
            var total = RecordHeader.TotalOf(next.Length);
            if (live.Room < total) break;
            sealer.Seal(_bytes.AsSpan(next.Start, total), next.Type, next.Detail, next.Group, next.Id, next.Length, next.Crc, live);
            end = next.Start + total;
            Placed++;
        }

        return _bytes.AsMemory(first, end - first);
    }

    private Span<byte> Add(RecordType type, GroupId group, EntryId id, int length, byte detail = 0, uint crc = 0)
    {
        var total = RecordHeader.TotalOf(length);
        if (total > _options.RecordBytesMax)
        {
            throw new StorageException(
                $"A record of {length} bytes does not fit into segments of {_options.SegmentBytes} bytes. "
                + "Use larger segments, or smaller entries.");
        }

        if (_used + total > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _used + total));
        _waiting.Add(new Waiting(type, detail, group, id, _used, length, crc));
        var record = _bytes.AsSpan(_used, total);
        record[(RecordHeader.Bytes + length)..].Clear();
        _used += total;
        return record.Slice(RecordHeader.Bytes, length);
    }
}
