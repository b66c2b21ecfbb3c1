namespace Balsa.Raft.Log;

/// <summary>The answer to "which term has the entry at this index?". Compacted and beyond the end are not term 0.</summary>
public enum TermLookup : byte { Found, Compacted, BeyondEnd }

/// <summary>
/// The term of every entry in a handful of numbers: terms change only with leaders, so the log is a few runs of equal
/// terms. A log 1/1 1/2 1/3 4/4 4/5 is [(1 from 1) (4 from 4)].
/// </summary>
internal sealed class TermRuns
{
    private Run[] _runs = new Run[8];
    private int _count;

    private readonly record struct Run(LogIndex First, Term Term);

    internal int Count => _count;

    /// <summary>Starts anew: the only known entry is <paramref name="boundary"/>, the one before the first kept entry.</summary>
    internal void Reset(EntryId boundary)
    {
        _count = 1;
        _runs[0] = new Run(boundary.Index, boundary.Term);
    }

    internal void Append(EntryId id)
    {
        if (_runs[_count - 1].Term == id.Term) return;
        if (_count == _runs.Length) Array.Resize(ref _runs, _runs.Length * 2);
        _runs[_count++] = new Run(id.Index, id.Term);
    }

    /// <summary>Forgets every entry from <paramref name="from"/> on.</summary>
    internal void TruncateFrom(LogIndex from)
    {
        while (_count > 1 && _runs[_count - 1].First >= from) _count--;
    }

    /// <summary>Forgets the entries before <paramref name="boundary"/>, which stays known as the new boundary.</summary>
    internal void CompactTo(LogIndex boundary)
    {
        var run = RunOf(boundary);
        if (run > 0)
        {
            Array.Copy(_runs, run, _runs, 0, _count - run);
            _count -= run;
        }
        _runs[0] = _runs[0] with { First = boundary };
    }

    internal Term TermAt(LogIndex index) => _runs[RunOf(index)].Term;

    /// <summary>
    /// The last entry at or before <paramref name="index"/> whose term is at most <paramref name="term"/>: where two logs
    /// can agree at best. One look per run, so a diverged tail is crossed in as many rounds as it has terms.
    /// </summary>
    internal EntryId LastAtMost(LogIndex index, Term term)
    {
        for (var run = RunOf(index); run >= 0; run--)
        {
            if (_runs[run].Term <= term) return new EntryId(_runs[run].Term, index);
            if (run > 0) index = _runs[run].First.Previous;
        }
        return new EntryId(_runs[0].Term, _runs[0].First);
    }

    /// <summary>Recent entries are asked for most, so the search starts at the end.</summary>
    private int RunOf(LogIndex index)
    {
        if (index >= _runs[_count - 1].First) return _count - 1;
        int low = 0, high = _count - 2;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (_runs[middle].First <= index) low = middle; else high = middle - 1;
        }
        return low;
    }
}
