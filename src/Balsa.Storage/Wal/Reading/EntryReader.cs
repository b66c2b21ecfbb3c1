using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;
using Balsa.Storage.Wal.Format;
using Balsa.Storage.Wal.State;

namespace Balsa.Storage.Wal.Reading;

/// <summary>
/// Reads entries back, each one checked. It runs beside the writer: an entry that was compacted or cut meanwhile is
/// reported as gone, and only one that should be there and cannot be read is damage.
/// </summary>
public sealed class EntryReader<TProbe> where TProbe : struct, IStorageProbe
{
    private const int WindowBytesMax = 1 << 20;

    private readonly IoStep _io = new();
    private readonly LogMap _map;
    private readonly DirectoryIdentity _owner;
    private readonly string _directory;
    private byte[] _window;
    private StoredFile? _file;
    private ulong _sequence;
    private long _windowAt;
    private int _windowLength;
    private bool _windowIsOld;
    private PayloadSlab _slab;

    internal EntryReader(LogMap map, DirectoryIdentity owner, string directory, int segmentBytes)
    {
        (_map, _owner, _directory) = (map, owner, directory);
        _window = new byte[Math.Min(WindowBytesMax, segmentBytes)];
    }

    /// <summary>The result. Its memory stays valid.</summary>
    public List<LogEntry> Entries { get; } = [];

    /// <summary>Some of what was asked for is no longer in the log; the result ends before it.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Reads first..last, or fewer when that would pass the bytes; at least one.</summary>
    public IEnumerable<IoStep> Read(LogIndex first, LogIndex last, long bytesMax)
    {
        Entries.Clear();
        IsGone = false;
        _slab = new PayloadSlab();
        long bytes = 0;
        for (var next = first; next <= last && !IsGone;)
        {
            if (!_map.TryFind(next, out var place, out var until))
            {
                IsGone = true;
                break;
            }

            foreach (var step in MoveTo(place.Sequence)) yield return step;
            long at = place.Offset;
            for (; next <= last && next < until && !IsGone;)
            {
                if (!Covers(at, RecordHeader.Bytes))
                {
                    foreach (var step in Fetch(at, RecordHeader.Bytes)) yield return step;
                }

                var isRecord = TryHeader(at, out var header);
                if (isRecord && !Covers(at, header.TotalBytes))
                {
                    foreach (var step in Fetch(at, header.TotalBytes)) yield return step;
                }

                if (isRecord && (header.Type != RecordType.Entry || header.Last.Index < next))
                {
                    at += header.TotalBytes;
                    continue;
                }

                if (!isRecord || header.Last.Index != next || !IsGood(PayloadAt(at, header), header.PayloadCrc))
                {
                    if (!TryForgetWindow()) Lose(next, at);
                    continue;
                }

                if (Entries.Count > 0 && bytes + header.Length > bytesMax) yield break;
                var entry = new EntryRef(header.Last, (EntryKind)header.Detail, (uint)header.Length, header.PayloadCrc, default);
                Entries.Add(new LogEntry(entry, _slab.Keep(PayloadAt(at, header), bytesMax - bytes)));
                bytes += header.Length;
                at += header.TotalBytes;
                next = next.Next;
            }
        }
    }

    /// <summary>Closes the file that was read last.</summary>
    public IEnumerable<IoStep> Close()
    {
        if (_file is null) yield break;
        yield return _io.Close(_file);
        _ = _io.Error;
        _file = null;
    }

    private static bool IsGood(ReadOnlySpan<byte> payload, uint crc) =>
        Crc32C.Of(payload) == crc || default(TProbe).Plants(StorageMutant.ReadNotChecked);

    /// <summary>The file may have become another segment since the place was asked for; then the map knows better now.</summary>
    private void Lose(LogIndex index, long at)
    {
        (_windowLength, IsGone) = (0, true);
        if (!_map.TryFind(index, out var place, out _) || place.Sequence != _sequence || place.Offset > at) return;
        throw new StorageException(
            $"entry {index} cannot be read back from byte {at} of {_file}: it is damaged. The node stops; at its next start it "
            + "fetches what is missing from the others.");
    }

    private ReadOnlySpan<byte> PayloadAt(long at, in RecordHeader header) =>
        _window.AsSpan((int)(at - _windowAt) + RecordHeader.Bytes, header.Length);

    private bool TryHeader(long at, out RecordHeader header)
    {
        // The window is a piece of the segment, and the header is checked for its place in the whole.
        var salt = new SegmentSalt<TProbe>(_owner.Incarnation, _sequence);
        header = default;
        return at >= _windowAt && at - _windowAt + RecordHeader.Bytes <= _windowLength
            && RecordHeader.TryReadAt(_window.AsSpan((int)(at - _windowAt), RecordHeader.Bytes), at, salt, out header, out _)
            && header.Length >= 0;
    }

    private IEnumerable<IoStep> MoveTo(ulong sequence)
    {
        if (_file is not null && _sequence == sequence)
        {
            _windowIsOld = true;
            yield break;
        }

        foreach (var step in Close()) yield return step;
        var file = new StoredFile(Path.Combine(_directory, SegmentName.OfLive(sequence)));
        yield return _io.OpenToRead(IoSite.OpenEntries, file);
        (_sequence, _windowLength) = (sequence, 0);
        if (_io.Error == DiskError.NotFound) yield break;
        _io.OrStop();
        _file = file;
    }

    /// <summary>
    /// True when the window was read before the map said where the entry is: it may have been written since, behind what was
    /// there. Nothing is written twice in the life of a segment, so what an old window does show is as it is.
    /// </summary>
    private bool TryForgetWindow()
    {
        var wasOld = _windowIsOld;
        (_windowLength, _windowIsOld) = (0, false);
        return wasOld;
    }

    /// <summary>Whether the bytes at..at+length are in the window, or cannot come into it: asked of every entry, without a step.</summary>
    private bool Covers(long at, int length) =>
        _file is null || (at >= _windowAt && at + length <= _windowAt + _windowLength);

    /// <summary>Reads the bytes at..at+length into the window, as far as the file goes, and what follows them.</summary>
    private IEnumerable<IoStep> Fetch(long at, int length)
    {
        if (_window.Length < length) _window = new byte[length];
        (_windowAt, _windowLength, _windowIsOld) = (at, 0, false);
        yield return _io.Read(IoSite.ReadEntries, _file!, at, _window);
        _io.OrStop();
        _windowLength = (int)_io.Count;
    }
}
