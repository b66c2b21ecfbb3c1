using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Part = Balsa.KeyValue.Snapshots.SnapshotFormat.Part;

namespace Balsa.KeyValue.Snapshots;

/// <summary>
/// Builds a store from the content of a snapshot, beside the one in use. Only <see cref="TryFinish"/> gives it away: when
/// every part was there, made sense, and adds up to the hash that the writer's store had.
/// </summary>
public sealed class SnapshotReader<TProbe>(StoreOptions options, TProbe probe = default) where TProbe : struct, IStoreProbe
{
    private const int HeadBytesMax = 1 + 10;

    private readonly KeyValueStore<TProbe> _store = new(options, probe);
    private readonly ByteWriter _held = new();
    private byte[] _lastKey = [];
    private long _lastRevision, _revision, _compacted, _keys, _events;
    private ulong _sum;
    private Part _last;
    private bool _isWrong;

    /// <summary>What is wrong with the content; null as long as nothing is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes the next bytes, cut anywhere. False: they are no content of a snapshot, and no more are taken.</summary>
    public bool TryTake(ReadOnlySpan<byte> content)
    {
        if (_isWrong) return false;
        if (_held.Length > 0)
        {
            _held.Raw(content);
            content = _held.Written;
        }

        var taken = 0;
        while (TryCut(content[taken..], out var part, out var bytes, out var length))
        {
            if (length < 0 || !TryTakePart(part, bytes)) return Refuse(part);
            _sum = Hash64.Of(bytes, _sum);
            taken += length;
        }

        Hold(content[taken..]);
        return true;
    }

    /// <summary>The restored store, after the last byte.</summary>
    public bool TryFinish(out KeyValueStore<TProbe>? store)
    {
        store = null;
        if (_isWrong) return false;
        if (_last != Part.End || _held.Length > 0)
        {
            (_isWrong, Problem) = (true, "the content ends too early");
            return false;
        }

        store = _store;
        return true;
    }

    /// <summary>Keeps the beginning of a part until the rest of it comes.</summary>
    private void Hold(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            _held.Clear();
            return;
        }

        var copy = rest.ToArray();
        _held.Clear();
        _held.Raw(copy);
    }

    private bool Refuse(Part part)
    {
        (_isWrong, Problem) = (true, $"a part of kind {part} makes no sense where it stands");
        return false;
    }

    /// <summary>False: there is no whole part yet. A length below 0: there never will be.</summary>
    private static bool TryCut(ReadOnlySpan<byte> content, out Part part, out ReadOnlySpan<byte> bytes, out int length)
    {
        (part, length) = (default, 0);
        bytes = default;
        if (content.IsEmpty) return false;
        part = (Part)content[0];
        var lengthBytes = Varints.Read(content[1..], out var partBytes);
        if (lengthBytes == 0 && content.Length < HeadBytesMax) return false;
        if (lengthBytes == 0 || partBytes > SnapshotFormat.PartBytesMax)
        {
            length = -1;
            return true;
        }

        if ((ulong)(content.Length - 1 - lengthBytes) < partBytes) return false;
        bytes = content.Slice(1 + lengthBytes, (int)partBytes);
        length = 1 + lengthBytes + (int)partBytes;
        return true;
    }

    private bool TryTakePart(Part part, ReadOnlySpan<byte> bytes)
    {
        var isRepeatable = part is Part.Leases or Part.Sessions or Part.Key or Part.Event;
        if (part < _last || (part == _last && !isRepeatable) || (_last == Part.None) != (part == Part.Head)) return false;
        if (_last < Part.Key && part >= Part.Key && !_store.Sessions.TryEndRestore()) return false;
        _last = part;
        return part switch
        {
            Part.Head => TryTakeHead(bytes),
            Part.Alarms => TryTakeAlarms(bytes),
            Part.Leases => TryTakeLeases(bytes),
            Part.Sessions => TryTakeSessions(bytes),
            Part.Key => TryTakeKey(bytes),
            Part.Event => TryTakeEvent(bytes),
            Part.End => TryTakeEnd(bytes),
            _ => false,
        };
    }

    private bool TryTakeHead(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var index = new LogIndex(from.Varint());
        var applied = new EntryId(new Term(from.Varint()), index);
        var (logTime, historyHash) = (from.Number(), from.Fixed64());
        (_revision, _compacted) = (from.Number(), from.Number());
        if (!from.EndedWell || _revision < 1 || _compacted < -1 || _compacted > _revision || logTime < 0) return false;
        (_store.Mutations.Revision, _store.Mutations.Compacted) = (_revision, _compacted);
        _store.Restored(applied, logTime, historyHash);
        return true;
    }

    private bool TryTakeAlarms(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        while (!from.IsEmpty)
        {
            var alarm = new RaisedAlarm(from.Varint(), (AlarmType)from.Byte());
            if (from.Failed || alarm.Type is AlarmType.None or > AlarmType.Corrupt || !_store.Alarms.TryAdd(alarm)) return false;
        }

        return !from.Failed;
    }

    private bool TryTakeLeases(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        while (!from.IsEmpty)
            if (!_store.LeaseTable.TryRestoreItem(ref from)) return false;
        return !from.Failed;
    }

    private bool TryTakeSessions(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        while (!from.IsEmpty)
            if (!_store.Sessions.TryRestoreItem(ref from)) return false;
        return !from.Failed;
    }

    private bool TryTakeKey(ReadOnlySpan<byte> bytes)
    {
        if (!SnapshotFormat.TryReadRecord(bytes, out var record) || record.IsDelete || record.Modified >= _compacted) return false;
        if (record.Key.SequenceCompareTo(_lastKey) <= 0) return false;
        if (_lastKey.Length != record.Key.Length) _lastKey = new byte[record.Key.Length];
        record.Key.CopyTo(_lastKey);
        _store.Mutations.Restore(record, isEvent: false);
        _keys++;
        return true;
    }

    private bool TryTakeEvent(ReadOnlySpan<byte> bytes)
    {
        if (!SnapshotFormat.TryReadRecord(bytes, out var record)) return false;
        if (record.Modified < Math.Max(_lastRevision, _compacted) || record.Modified > _revision) return false;
        var before = _store.Memory.Records.Reader.Read(_store.Memory.Keys.Reader.Find(record.Key));
        if (before.Reference != 0 && before.Modified > record.Modified) return false;
        // What a delete at the compacted revision deleted was compacted.
        if (record.IsDelete && record.Modified > _compacted && (before.Reference == 0 || before.IsDelete)) return false;
        _lastRevision = record.Modified;
        _store.Mutations.Restore(record, isEvent: true);
        _events++;
        return true;
    }

    private bool TryTakeEnd(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var (keys, events, hash, sum) = (from.Number(), from.Number(), from.Fixed64(), from.Fixed64());
        return from.EndedWell && keys == _keys && events == _events && hash == _store.ContentHash && sum == _sum;
    }
}
