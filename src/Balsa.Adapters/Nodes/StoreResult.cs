using Balsa.Raft.Effects;

namespace Balsa.Adapters.Nodes;

/// <summary>What became of a STORE.</summary>
/// <param name="Entry">When it is stored: as it stands in the list, which for a repeated request is as it stood the first time.</param>
/// <param name="NeedsLeader">Nothing was done, because this member does not lead.</param>
/// <param name="Leader">Who leads as far as this member knows.</param>
/// <param name="Problem">For people; null when it is stored.</param>
public sealed record StoreResult(StoredEntry? Entry, bool NeedsLeader, string? Leader, string? Problem)
{
    internal static StoreResult Stored(StoredEntry entry) => new(entry, NeedsLeader: false, null, null);

    internal static StoreResult NotLeader(string? leader) => new(null, NeedsLeader: true, leader, "not the leader; nothing was done");

    internal static StoreResult Refused(string problem) => new(null, NeedsLeader: false, null, problem);

    internal static StoreResult Of(WriteResult told) => told.Verdict == Verdict.NotDone && told.NeedsLeader
        ? NotLeader(told.Leader) : Refused(told.Text);
}

/// <summary>A stretch of the list.</summary>
/// <param name="Count">How long the whole list is.</param>
public sealed record StoredPage(IReadOnlyList<StoredEntry> Entries, long Count)
{
    /// <summary>The position after the last entry here.</summary>
    public long Next => Entries.Count == 0 ? Count + 1 : Entries[^1].Position + 1;

    public bool IsLast => Next > Count;
}
