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

    internal LogIndex Last => new((ulong)_entries.Count);

    internal StoredEntry this[LogIndex index] => _entries[(int)index.Value - 1];

    internal bool Knows(LogIndex index) => index.Value >= 1 && index <= Last;

    internal ulong ChainAt(LogIndex index) => index == LogIndex.Zero ? 0 : this[index].Chain;

    /// <summary>The newest committed configuration.</summary>
    internal Configuration? Configuration { get; private set; }

    internal LogIndex ConfigurationIndex { get; private set; }

    internal void Found(Configuration founding) => Configuration = founding;

    internal void Add(in StoredEntry entry)
    {
        _entries.Add(entry);
        if (entry.Configuration is not { } configuration) return;
        (Configuration, ConfigurationIndex) = (configuration, entry.Entry.Id.Index);
    }
}
