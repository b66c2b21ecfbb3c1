using Balsa.KeyValue.Hashing;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Raft.Log;
using Part = Balsa.KeyValue.Snapshots.SnapshotFormat.Part;

namespace Balsa.KeyValue.Snapshots;

/// <summary>
/// Writes the state as it was when this was made, a few steps at a time, while the store goes on changing. It holds back the
/// compaction of what it has still to write, and nothing else. Called by the thread that applies.
/// </summary>
public sealed class SnapshotWriter<TProbe> where TProbe : struct, IStoreProbe
{
    /// <summary>What a call to <see cref="Read"/> says when all has been given.</summary>
    public const int End = -1;

    private readonly KeyValueStore<TProbe> _store;
    private readonly ByteWriter _ready = new();
    private readonly ByteWriter _items = new();
    private readonly long _revision, _compacted, _eventsEnd;
    private readonly ulong _contentHash;
    private readonly KeyWalk _walk;
    private ulong _sum;
    private long _nextEvent, _keys, _events;
    private int _given;
    private Part _part = Part.Head;

    internal SnapshotWriter(KeyValueStore<TProbe> store)
    {
        _store = store;
        (_revision, _compacted) = (store.Revision, store.Compacted);
        (_contentHash, _eventsEnd) = (store.ContentHash, store.Memory.Events.End);
        _nextEvent = store.Memory.Events.Rows.Seek(_compacted);
        Applied = store.Applied;
        _walk = new KeyWalk(store.Memory, store.Probe.Plants(StoreMutant.SnapshotSeesLaterWrites) ? long.MaxValue : _compacted);
        store.Pins.Add(_compacted);
        store.LeaseTable.BeginCapture();
        store.Sessions.BeginCapture();
        WriteHead();
    }

    /// <summary>The entry whose effect is the last one in it.</summary>
    public EntryId Applied { get; }

    public bool IsFinished => _part > Part.End && _given == _ready.Length;

    /// <summary>
    /// Puts the next bytes into the buffer, after at most about so many steps of a microsecond, and says how many; 0 when
    /// the steps were not enough for any, <see cref="End"/> when all was given.
    /// </summary>
    public int Read(Span<byte> into, int steps)
    {
        for (; steps > 0 && _ready.Length - _given < into.Length && _part <= Part.End; steps--) Step();
        _walk.EndSlice();
        if (IsFinished) return End;
        var count = Math.Min(into.Length, _ready.Length - _given);
        _ready.Written.Slice(_given, count).CopyTo(into);
        _given += count;
        // What is left is moved to the front when it is the smaller part, so that the buffer stays small and moving is cheap.
        if (_ready.Length - _given > _given) return count;
        _ready.DropFirst(_given);
        _given = 0;
        return count;
    }

    /// <summary>Gives up, or tidies up at the end: the store is free to compact again.</summary>
    public void Close()
    {
        if (_part > Part.End + 1) return;
        _part = Part.End + 2;
        _store.Pins.Remove(_compacted);
        _store.LeaseTable.EndCapture();
        _store.Sessions.EndCapture();
        _store.EndSnapshot(this);
    }

    private void Step()
    {
        switch (_part)
        {
            case Part.Leases: StepItems(_store.LeaseTable.CaptureSlice(_items, SnapshotFormat.ItemsAPart)); break;
            case Part.Sessions: StepItems(_store.Sessions.CaptureSlice(_items, SnapshotFormat.ItemsAPart)); break;
            case Part.Key: StepKey(); break;
            case Part.Event: StepEvent(); break;
            default: WriteEnd(); break;
        }
    }

    /// <summary>All that later entries change at once, and the alarms, which are few.</summary>
    private void WriteHead()
    {
        var begin = BeginPart(Part.Head);
        _ready.Varint(_store.Applied.Index.Value);
        _ready.Varint(_store.Applied.Term.Value);
        _ready.Varint(_store.LogTime);
        _ready.Fixed64(_store.HistoryHash);
        _ready.Varint(_revision);
        _ready.Varint(_compacted);
        EndPart(begin);
        begin = BeginPart(Part.Alarms);
        for (var i = 0; i < _store.Alarms.Count; i++)
        {
            _ready.Varint(_store.Alarms[i].Member);
            _ready.Byte((byte)_store.Alarms[i].Type);
        }

        EndPart(begin);
        _part = Part.Leases;
    }

    private void StepItems(bool isLast)
    {
        var mutant = _part == Part.Leases ? StoreMutant.SnapshotForgetsLeases : StoreMutant.SnapshotForgetsSessions;
        var isForgotten = _store.Probe.Plants(mutant);
        if (_items.Length > 0 && !isForgotten)
        {
            var begin = BeginPart(_part);
            _ready.Raw(_items.Written);
            EndPart(begin);
        }

        _items.Clear();
        if (isLast) _part++;
    }

    private void StepKey()
    {
        if (!_walk.Step(out var record))
        {
            if (_walk.IsAtEnd) _part = Part.Event;
            return;
        }

        // What happened at the compacted revision itself is among the events.
        if (record.IsDelete || record.Modified == _compacted) return;
        Write(Part.Key, record);
        _keys++;
    }

    private void StepEvent()
    {
        if (_nextEvent >= _eventsEnd)
        {
            _part = Part.End;
            return;
        }

        var record = _store.Memory.Records.Reader.Read(_store.Memory.Events.Rows.At(_nextEvent++));
        if (_store.Probe.Plants(StoreMutant.SnapshotForgetsHistory) && record.IsDelete) return;
        Write(Part.Event, record);
        _events++;
    }

    private void WriteEnd()
    {
        var begin = BeginPart(Part.End);
        _ready.Varint(_keys);
        _ready.Varint(_events);
        _ready.Fixed64(_contentHash);
        _ready.Fixed64(_sum);
        EndPart(begin);
        _part = Part.End + 1;
    }

    private void Write(Part part, in Record record)
    {
        var begin = BeginPart(part);
        SnapshotFormat.WriteRecord(_ready, record);
        EndPart(begin);
    }

    private void EndPart(int begin)
    {
        _ready.EndPart(begin);
        _sum = Hash64.Of(_ready.Written[begin..], _sum);
    }

    private int BeginPart(Part part)
    {
        _ready.Byte((byte)part);
        return _ready.BeginPart();
    }
}
