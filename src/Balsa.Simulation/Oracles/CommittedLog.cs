using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Simulation.Storage;

namespace Balsa.Simulation.Oracles;

/// <summary>
/// The one true history: every entry that some node ever called committed. It only grows, and whoever says something else
/// about one of its places is wrong.
/// </summary>
internal sealed class CommittedLog
{
    private readonly List<StoredEntry> _entries = [];
    private readonly List<Term> _committedIn = [];

    internal LogIndex Last => new((ulong)_entries.Count);

    internal StoredEntry this[LogIndex index] => _entries[(int)index.Value - 1];

    internal bool Knows(LogIndex index) => index.Value >= 1 && index <= Last;

    internal ulong ChainAt(LogIndex index) => index == LogIndex.Zero ? 0 : this[index].Chain;

    /// <summary>The newest committed configuration.</summary>
    internal Configuration? Configuration { get; private set; }

    internal LogIndex ConfigurationIndex { get; private set; }

    internal void Found(Configuration founding) => Configuration = founding;

    /// <summary>The last entry that was committed in a term before the given one: what that term's leader must hold.</summary>
    internal LogIndex LastCommittedBefore(Term term)
    {
        var index = _committedIn.Count;
        while (index > 0 && _committedIn[index - 1] >= term) index--;
        return new LogIndex((ulong)index);
    }

    internal void Add(in StoredEntry entry, Term committedIn)
    {
        _entries.Add(entry);
        _committedIn.Add(committedIn);
        if (entry.Configuration is not { } configuration) return;
        (Configuration, ConfigurationIndex) = (configuration, entry.Entry.Id.Index);
    }
}
