namespace Balsa.Raft.Log;

/// <summary>
/// What the core knows of its log: where it starts and ends, the term of each entry and the size of recent ones. The
/// entries themselves live with the host.
/// </summary>
internal sealed class LogView(int recentSizes)
{
    private readonly TermRuns _terms = new();
    private readonly RecentSizes _sizes = new(recentSizes);

    /// <summary>The entry before the first one still in the log; its term is known, its content is gone.</summary>
    internal EntryId Boundary { get; private set; }

    internal EntryId Last { get; private set; }

    /// <summary>The newest snapshot this member could send. At or above the boundary, or a peer could be stranded.</summary>
    internal EntryId Snapshot { get; set; }

    internal LogIndex FirstIndex => Boundary.Index.Next;

    internal LogIndex FirstSized => _sizes.First;

    internal void Reset(EntryId boundary)
    {
        Boundary = Last = boundary;
        _terms.Reset(boundary);
        _sizes.Reset(boundary.Index);
    }

    internal TermLookup Look(LogIndex index, out Term term)
    {
        term = Term.Zero;
        if (index < Boundary.Index) return TermLookup.Compacted;
        if (index > Last.Index) return TermLookup.BeyondEnd;
        term = _terms.TermAt(index);
        return TermLookup.Found;
    }

    internal bool Holds(EntryId id) => Look(id.Index, out var term) == TermLookup.Found && term == id.Term;

    internal void Append(EntryId id, uint length)
    {
        Invariant.Check(id.Index == Last.Index.Next);
        Invariant.Check(id.Term >= Last.Term);
        _terms.Append(id);
        _sizes.Append(length);
        Last = id;
    }

    internal void TruncateFrom(LogIndex from)
    {
        Invariant.Check(from > Boundary.Index);
        Invariant.Check(from <= Last.Index);
        _terms.TruncateFrom(from);
        _sizes.TruncateFrom(from);
        Last = new EntryId(_terms.TermAt(from.Previous), from.Previous);
    }

    internal void CompactTo(LogIndex boundary)
    {
        Invariant.Check(boundary > Boundary.Index);
        Invariant.Check(boundary <= Snapshot.Index);
        Invariant.Check(boundary <= Last.Index);
        Boundary = new EntryId(_terms.TermAt(boundary), boundary);
        _terms.CompactTo(boundary);
    }

    /// <summary>Where this log and one that has <paramref name="term"/> at <paramref name="index"/> can agree at best.</summary>
    internal EntryId LastAtMost(LogIndex index, Term term) =>
        index <= Boundary.Index ? Boundary : _terms.LastAtMost(LogIndex.Smaller(index, Last.Index), term);

    internal void ForgetSizes(LogIndex through) => _sizes.ForgetThrough(through);

    internal ulong BytesOf(LogIndex first, LogIndex last) => _sizes.BytesOf(first, last);

    internal LogIndex Reach(LogIndex first, ulong bytesMax, uint entriesMax) =>
        _sizes.Reach(first, Last.Index, bytesMax, entriesMax);
}
