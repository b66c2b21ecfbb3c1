using Balsa.Raft.Log;
using Balsa.Replica.Contracts;

namespace Balsa.Replica.Skipping;

/// <summary>What is done with an entry.</summary>
internal enum SkipVerdict : byte
{
    Apply = 0,

    /// <summary>It is to be left out, or perhaps: nobody may apply it before that is decided.</summary>
    Hold,

    /// <summary>The cluster has decided that it is left out.</summary>
    Skip,
}

/// <summary>
/// Which entries are left out: those that an order in the log names, once it is committed. What this directory wishes to leave
/// out, and what an order names that may still be cut off, is held: applying it would make a state that differs from the others'.
/// </summary>
internal sealed class SkipRule(IReadOnlyList<SkippedEntry> wishes)
{
    private readonly List<(LogIndex At, SkippedEntry Target)> _orders = [];
    private readonly HashSet<ulong> _skipped = [];

    /// <summary>An entry is in the log from now on.</summary>
    internal void OnAppended(in ReplicaEntry entry)
    {
        if (entry.Ref.Kind == EntryKind.Data && HostCommand.TryRead(HostCommand.Order, entry.Payload.Span, out var target))
            _orders.Add((entry.Ref.Id.Index, target));
    }

    internal void OnTruncated(LogIndex from) => _orders.RemoveAll(order => order.At >= from);

    /// <summary>The state is replaced by that of a snapshot: it says nothing about what was left out of the one before.</summary>
    internal void OnAdopted() => _skipped.Clear();

    /// <param name="committed">How far entries may be applied.</param>
    internal SkipVerdict Judge(in ReplicaEntry entry, LogIndex committed)
    {
        // Asked about every entry, and hardly ever is there anything to find.
        var isNamed = entry.Ref.Kind == EntryKind.Data && IsNamed(entry.Ref.Id.Index);
        return isNamed ? Judge(SkippedEntry.Of(entry), committed) : SkipVerdict.Apply;
    }

    internal SkipVerdict Judge(SkippedEntry entry, LogIndex committed)
    {
        var verdict = wishes.Contains(entry) ? SkipVerdict.Hold : SkipVerdict.Apply;
        foreach (var (at, target) in _orders)
        {
            if (target != entry || at <= entry.Index) continue;
            if (at <= committed) return SkipVerdict.Skip;
            verdict = SkipVerdict.Hold;
        }

        return verdict;
    }

    /// <summary>An order for it is in the log, committed or not.</summary>
    internal bool IsOrdered(SkippedEntry entry) => _orders.Exists(order => order.Target == entry);

    internal void OnSkipped(LogIndex index) => _skipped.Add(index.Value);

    internal bool HasSkipped(LogIndex index) => _skipped.Contains(index.Value);

    /// <summary>
    /// The state leaves something out whose order is still to come. A snapshot of it would look to others like one of a state
    /// that has applied everything.
    /// </summary>
    internal bool IsAheadOfOrder(LogIndex applied)
    {
        foreach (var (at, target) in _orders)
            if (target.Index <= applied && at > applied && HasSkipped(target.Index)) return true;
        return false;
    }

    private bool IsNamed(LogIndex index)
    {
        for (var i = 0; i < wishes.Count; i++)
            if (wishes[i].Index == index) return true;
        foreach (var (_, target) in _orders)
            if (target.Index == index) return true;
        return false;
    }
}
