using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;

namespace Balsa.Raft.Replication;

/// <summary>
/// The entries this leader appended and has not seen applied, oldest first, each with who waits for it. Also the quota:
/// how many entries and bytes are proposed and not committed.
/// </summary>
internal sealed class PendingProposals
{
    private readonly Ring<Pending> _pending = new(1024);
    private int _committed;

    internal readonly record struct Pending(EntryId Id, Correlation Correlation, uint Bytes);

    internal int Count => _pending.Count;

    internal int UncommittedEntries => _pending.Count - _committed;

    internal ulong UncommittedBytes { get; private set; }

    internal void Add(in Pending pending)
    {
        _pending.Enqueue(pending);
        UncommittedBytes += pending.Bytes;
    }

    internal void CommitThrough(LogIndex commit)
    {
        while (_committed < _pending.Count && _pending[_committed].Id.Index <= commit)
            UncommittedBytes -= _pending[_committed++].Bytes;
    }

    /// <summary>The next proposal whose entry is applied, if any.</summary>
    internal bool TryTakeApplied(LogIndex applied, out Pending pending)
    {
        pending = default;
        if (_committed == 0 || _pending[0].Id.Index > applied) return false;
        pending = _pending.Dequeue();
        _committed--;
        return true;
    }

    /// <summary>The next proposal in any state: for the moments when nobody here can say what becomes of it.</summary>
    internal bool TryTakeNewest(bool uncommittedOnly, out Pending pending)
    {
        pending = default;
        if (_pending.Count == (uncommittedOnly ? _committed : 0)) return false;
        pending = _pending.Newest;
        if (_pending.Count == _committed) _committed--; else UncommittedBytes -= pending.Bytes;
        _pending.DropNewest();
        return true;
    }
}
