using System.Runtime.InteropServices;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica;

/// <summary>The whole log in memory, by index: there are no snapshots yet, so nothing is ever dropped from its front.</summary>
internal sealed class EntryCache
{
    /// <summary>What an entry costs beside its bytes, roughly: in the file and in here.</summary>
    private const int EntryOverheadBytes = 96;

    private readonly List<ReplicaEntry> _entries = [];

    internal LogIndex Last => new((ulong)_entries.Count);

    /// <summary>What the log takes, payloads and overhead together.</summary>
    internal long Bytes { get; private set; }

    internal ReplicaEntry this[LogIndex index] => _entries[(int)index.Value - 1];

    internal void Append(in ReplicaEntry entry)
    {
        Invariant.Check(entry.Ref.Id.Index == Last.Next);
        Invariant.Check(entry.Ref.Length == (uint)entry.Payload.Length);
        _entries.Add(entry);
        Bytes += entry.Payload.Length + EntryOverheadBytes;
    }

    internal void TruncateFrom(LogIndex from)
    {
        Invariant.Check(from.Value > 0 && from <= Last.Next);
        for (var index = from; index <= Last; index = index.Next) Bytes -= this[index].Payload.Length + EntryOverheadBytes;
        var kept = (int)from.Value - 1;
        _entries.RemoveRange(kept, _entries.Count - kept);
    }

    /// <summary>The entries first..last, in place; none when last is before first.</summary>
    internal ReadOnlySpan<ReplicaEntry> Slice(LogIndex first, LogIndex last)
    {
        if (last < first) return default;
        Invariant.Check(first.Value > 0 && last <= Last);
        return CollectionsMarshal.AsSpan(_entries).Slice((int)first.Value - 1, (int)(last - first) + 1);
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
}
