using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica;

/// <summary>
/// Entries that peers need and that are no longer in memory: asked of the disk, and at hand from their arrival until the
/// batch in which they arrived is over.
/// </summary>
internal sealed class LoadedEntries(EntryCache cache, ILogReader reader)
{
    private readonly Dictionary<(MemberId Peer, LogIndex First), ReadOnlyMemory<ReplicaEntry>> _read = [];
    private readonly Queue<(MemberId Peer, LogIndex First, int Log)> _asked = new();
    private int _log;

    /// <summary>What the core has to be told: how far the bytes reach.</summary>
    internal List<(MemberId Peer, LogIndex First, LogIndex Last, ulong Bytes)> Answers { get; } = [];

    internal void Load(MemberId peer, LogIndex first, LogIndex last, ulong bytesMax)
    {
        if (!cache.Holds(first))
        {
            _asked.Enqueue((peer, first, _log));
            reader.Read(peer, first, LogIndex.Smaller(last, cache.Base), (long)bytesMax);
            return;
        }

        var reached = cache.Reach(first, last, bytesMax, out var bytes);
        Answers.Add((peer, first, reached, bytes));
    }

    /// <summary>The log was cut or replaced: what is being read may no longer be in it.</summary>
    internal void OnLogChanged() => _log++;

    /// <param name="first">What was asked for; nothing may have come.</param>
    internal void OnRead(MemberId peer, LogIndex first, ReadOnlyMemory<ReplicaEntry> entries)
    {
        var asked = _asked.Dequeue();
        // They are answered in the order in which they were asked.
        Invariant.Check(asked.Peer == peer && asked.First == first);
        if (asked.Log != _log) entries = default;
        _read[(peer, first)] = entries;
        ulong bytes = 0;
        foreach (ref readonly var entry in entries.Span) bytes += entry.Ref.Length;
        Answers.Add((peer, first, first.Previous + (ulong)entries.Length, bytes));
    }

    /// <summary>The entries first..last, from memory or as they were read for this peer.</summary>
    internal ReadOnlySpan<ReplicaEntry> Get(MemberId peer, LogIndex first, LogIndex last)
    {
        if (last < first || cache.Holds(first)) return cache.Slice(first, last);
        return _read[(peer, first)].Span[..(int)(last - first + 1)];
    }

    internal void EndBatch() => _read.Clear();
}
