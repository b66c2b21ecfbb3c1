using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Storage.Wal.State;

/// <summary>Where a record lies.</summary>
internal readonly record struct RecordPlace(ulong Sequence, uint Offset);

/// <summary>
/// Which entries the log has, their terms, and where some of them lie: a place every 32 KiB, and after every jump, so
/// that walking forward from a place meets exactly the entries that count. The log's thread changes it, others read it.
/// </summary>
internal sealed class LogMap
{
    private const int StrideBytes = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly List<(LogIndex First, Term Term)> _terms = [];
    private readonly List<(LogIndex Index, RecordPlace Place)> _places = [];
    private EntryId _base;
    private EntryId _last;
    private LogIndex _readable;
    private bool _jumped = true;

    internal EntryId Base
    {
        get { lock (_gate) return _base; }
    }

    internal EntryId Last
    {
        get { lock (_gate) return _last; }
    }

    internal void Append(EntryId id, RecordPlace place)
    {
        lock (_gate)
        {
            Invariant.Check(id.Index == _last.Index.Next && id.Term >= _last.Term);
            if (_terms.Count == 0 || _terms[^1].Term != id.Term) _terms.Add((id.Index, id.Term));
            if (_jumped || IsFar(place)) _places.Add((id.Index, place));
            _jumped = false;
            _last = id;
        }
    }

    internal void TruncateFrom(LogIndex from)
    {
        lock (_gate)
        {
            Invariant.Check(from > _base.Index && from <= _last.Index.Next);
            while (_terms.Count > 0 && _terms[^1].First >= from) _terms.RemoveAt(_terms.Count - 1);
            while (_places.Count > 0 && _places[^1].Index >= from) _places.RemoveAt(_places.Count - 1);
            _last = new EntryId(_terms.Count > 0 ? _terms[^1].Term : _base.Term, from.Previous);
            _readable = LogIndex.Smaller(_readable, _last.Index);
            _jumped = true;
        }
    }

    /// <summary>Everything that was appended so far is on the disk and can be read back.</summary>
    internal void MarkReadable()
    {
        lock (_gate) _readable = _last.Index;
    }

    /// <summary>The log begins after this entry. When it is not in the log, no entry of the log counts any more.</summary>
    internal void BeginAfter(EntryId boundary)
    {
        lock (_gate)
        {
            if (Has(boundary)) DropThrough(boundary.Index);
            else Empty(boundary);
            _base = boundary;
        }
    }

    /// <summary>Nothing is known of the entries up to this one.</summary>
    internal void StartAfter(EntryId id)
    {
        lock (_gate)
        {
            Empty(id);
            _base = id;
        }
    }

    /// <summary>Whether this very entry is in the log, or just before its beginning.</summary>
    internal bool Contains(EntryId id)
    {
        lock (_gate) return Has(id);
    }

    internal Term TermAt(LogIndex index)
    {
        lock (_gate) return TermOf(index);
    }

    /// <summary>A place at or before the entry, from which it is found by walking forward; false when it cannot be read.</summary>
    /// <param name="until">The first entry that is not found by walking on from the place.</param>
    internal bool TryFind(LogIndex index, out RecordPlace place, out LogIndex until)
    {
        lock (_gate)
        {
            (place, until) = (default, default);
            if (index <= _base.Index || index > _readable) return false;
            int low = 0, high = _places.Count - 1;
            while (low < high)
            {
                var middle = (low + high + 1) >>> 1;
                if (_places[middle].Index <= index) low = middle; else high = middle - 1;
            }

            Invariant.Check(_places.Count > 0 && _places[low].Index <= index);
            place = _places[low].Place;
            until = low + 1 < _places.Count ? _places[low + 1].Index : _last.Index.Next;
            return true;
        }
    }

    private bool IsFar(RecordPlace place) =>
        _places.Count == 0 || _places[^1].Place.Sequence != place.Sequence || place.Offset - _places[^1].Place.Offset >= StrideBytes;

    private bool Has(EntryId id) => id.Index >= _base.Index && id.Index <= _last.Index && TermOf(id.Index) == id.Term;

    private Term TermOf(LogIndex index)
    {
        Invariant.Check(index >= _base.Index && index <= _last.Index);
        for (var run = _terms.Count - 1; run >= 0; run--)
            if (_terms[run].First <= index) return _terms[run].Term;
        return _base.Term;
    }

    private void DropThrough(LogIndex index)
    {
        // The run and the place that reach over the boundary stay: later entries are found through them.
        int terms = 0, places = 0;
        while (terms + 1 < _terms.Count && _terms[terms + 1].First <= index.Next) terms++;
        while (places + 1 < _places.Count && _places[places + 1].Index <= index.Next) places++;
        // At once: one by one, each would move all that stay, while readers and the log's thread wait.
        _terms.RemoveRange(0, terms);
        _places.RemoveRange(0, places);
        if (index != _last.Index) return;
        _terms.Clear();
        _places.Clear();
        _jumped = true;
    }

    private void Empty(EntryId boundary)
    {
        _terms.Clear();
        _places.Clear();
        _last = boundary;
        _readable = LogIndex.Smaller(_readable, boundary.Index);
        _jumped = true;
    }
}
