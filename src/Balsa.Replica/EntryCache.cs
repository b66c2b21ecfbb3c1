using Balsa.Raft;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica;

/// <summary>The end of the log in memory, by index. What is before it can be read back from the disk.</summary>
internal sealed class EntryCache
{
    /// <summary>What an entry costs beside its bytes, roughly: in the file and in here.</summary>
    internal const int EntryOverheadBytes = 96;

    private ReplicaEntry[] _entries = new ReplicaEntry[1024];
    private int _start, _end;

    /// <summary>The entry before the first one that is here.</summary>
    internal LogIndex Base { get; private set; }

    internal LogIndex Last => Base + (ulong)(_end - _start);

    /// <summary>What the entries here take, payloads and overhead together.</summary>
    internal long Bytes { get; private set; }

    internal ref readonly ReplicaEntry this[LogIndex index]
    {
        get
        {
            Invariant.Check(Holds(index));
            return ref _entries[PlaceOf(index)];
        }
    }

    internal static long BytesOf(in ReplicaEntry entry) => entry.Payload.Length + EntryOverheadBytes;

    internal bool Holds(LogIndex index) => index > Base && index <= Last;

    /// <summary>Forgets everything; the next entry follows this one.</summary>
    internal void Reset(LogIndex last)
    {
        Array.Clear(_entries, _start, _end - _start);
        (_start, _end, Base, Bytes) = (0, 0, last, 0);
    }

    internal void Append(in ReplicaEntry entry)
    {
        Invariant.Check(entry.Ref.Id.Index == Last.Next);
        Invariant.Check(entry.Ref.Length == (uint)entry.Payload.Length);
        if (_end == _entries.Length) MakeRoom();
        _entries[_end++] = entry;
        Bytes += BytesOf(entry);
    }

    /// <summary>Entries before the first one here may be cut, too: then nothing is left.</summary>
    internal void TruncateFrom(LogIndex from)
    {
        Invariant.Check(from.Value > 0 && from <= Last.Next);
        if (from <= Base)
        {
            Reset(from.Previous);
            return;
        }

        for (var index = from; index <= Last; index = index.Next) Bytes -= BytesOf(_entries[PlaceOf(index)]);
        var kept = PlaceOf(from);
        Array.Clear(_entries, kept, _end - kept);
        _end = kept;
    }

    /// <summary>Drops entries from the front, never beyond the limit, until the rest is within the bytes.</summary>
    internal void Shrink(long bytesMax, LogIndex limit)
    {
        while (Bytes > bytesMax && _start < _end && Base < limit)
        {
            Bytes -= BytesOf(_entries[_start]);
            _entries[_start++] = default;
            Base = Base.Next;
        }
    }

    /// <summary>The entries first..last, in place; none when last is before first.</summary>
    internal ReadOnlySpan<ReplicaEntry> Slice(LogIndex first, LogIndex last)
    {
        if (last < first) return default;
        Invariant.Check(first > Base && last <= Last);
        return _entries.AsSpan(PlaceOf(first), (int)(last - first) + 1);
    }

    /// <summary>How far first.. reaches within last and within the bytes; at least one entry.</summary>
    internal LogIndex Reach(LogIndex first, LogIndex last, ulong bytesMax, out ulong bytes)
    {
        bytes = 0;
        var reached = first.Previous;
        foreach (ref readonly var entry in Slice(first, last))
        {
            if (reached >= first && bytes + entry.Ref.Length > bytesMax) break;
            bytes += entry.Ref.Length;
            reached = entry.Ref.Id.Index;
        }

        return reached;
    }

    private int PlaceOf(LogIndex index) => _start + (int)(index - Base) - 1;

    /// <summary>Moves the entries to the front when half of the room is free there, so that moving stays cheap, or grows.</summary>
    private void MakeRoom()
    {
        var count = _end - _start;
        var into = _start >= _entries.Length / 2 ? _entries : new ReplicaEntry[_entries.Length * 2];
        _entries.AsSpan(_start, count).CopyTo(into);
        if (into == _entries) Array.Clear(_entries, count, _end - count);
        (_entries, _start, _end) = (into, 0, count);
    }
}
