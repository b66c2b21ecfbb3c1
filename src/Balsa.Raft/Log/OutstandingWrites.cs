using Balsa.Raft.Core;
using Balsa.Raft.Effects;

namespace Balsa.Raft.Log;

/// <summary>
/// The storage operations that were handed out and are not yet reported durable, oldest first, each with the entries it
/// holds.
/// </summary>
/// <remarks>
/// A late report about an entry that was overwritten meanwhile must not count. Suppose 5/7 is written, a new leader cuts
/// it and writes 6/7, and only then the disk reports the first write: index 7 is durable, but 6/7 is not. Therefore a
/// truncation takes the entries away from the writes that are still under way, and the report finds nothing to count.
/// </remarks>
internal sealed class OutstandingWrites
{
    private readonly Ring<Write> _writes = new(64);

    private struct Write
    {
        internal IoSeq Io;
        internal LogIndex First, Last;
        internal long IssuedAt;
        internal readonly bool HoldsEntries => First <= Last && First > LogIndex.Zero;
    }

    internal bool IsEmpty => _writes.Count == 0;

    /// <summary>When the oldest unfinished operation was handed out: how long the disk has been silent.</summary>
    internal long OldestIssuedAt => _writes[0].IssuedAt;

    internal void Add(IoSeq io, LogIndex first, LogIndex last, long now) =>
        _writes.Enqueue(new Write { Io = io, First = first, Last = last, IssuedAt = now });

    /// <summary>The newest operation takes one more entry along, because it has not been handed out yet.</summary>
    internal void ExtendNewest(LogIndex last) => _writes.Newest.Last = last;

    /// <summary>The operation that makes the entry durable, or <see cref="IoSeq.Now"/> when it already is.</summary>
    internal IoSeq HolderOf(LogIndex index)
    {
        for (var i = _writes.Count - 1; i >= 0; i--)
        {
            ref var write = ref _writes[i];
            if (write.HoldsEntries && write.First <= index && index <= write.Last) return write.Io;
        }
        return IoSeq.Now;
    }

    internal void TakeEntriesFrom(LogIndex from)
    {
        for (var i = 0; i < _writes.Count; i++)
        {
            ref var write = ref _writes[i];
            if (write.HoldsEntries && write.Last >= from) write.Last = from.Previous;
        }
    }

    /// <summary>Removes what is durable through <paramref name="io"/> and says the highest entry that became durable.</summary>
    internal LogIndex Finish(IoSeq io)
    {
        var durable = LogIndex.Zero;
        while (_writes.Count > 0 && _writes[0].Io <= io)
        {
            var write = _writes.Dequeue();
            if (write.HoldsEntries) durable = LogIndex.Larger(durable, write.Last);
        }
        return durable;
    }
}
