using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;

namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>An entry as a disk keeps it: with the configuration that it carries, if it carries one.</summary>
internal readonly record struct StoredEntry(EntryRef Entry, Configuration? Configuration);

/// <summary>A state at one index, with the configuration in force there.</summary>
internal sealed record SnapshotImage(EntryId Id, Configuration Configuration, IReadOnlyList<string> State);

/// <summary>
/// What a disk holds. Each node has two: one with everything that was handed to the disk, from which it reads, and one
/// with what would survive a crash.
/// </summary>
internal sealed class StoredLog
{
    private readonly List<StoredEntry> _entries = [];

    internal HardState HardState { get; set; }

    internal EntryId Boundary { get; private set; }

    internal Configuration BoundaryConfiguration { get; private set; } = Configuration.Empty;

    internal SnapshotImage? Snapshot { get; set; }

    internal IReadOnlyList<StoredEntry> Entries => _entries;

    internal EntryId Last => _entries.Count > 0 ? _entries[^1].Entry.Id : Boundary;

    internal void Found(Configuration founding) => BoundaryConfiguration = founding;

    internal StoredEntry? At(LogIndex index) =>
        index <= Boundary.Index || index > Last.Index ? null : _entries[(int)(index - Boundary.Index) - 1];

    internal void Append(IEnumerable<StoredEntry> entries) => _entries.AddRange(entries);

    internal void TruncateFrom(LogIndex from)
    {
        var keep = from.Value > Boundary.Index.Value ? (int)(from - Boundary.Index) - 1 : 0;
        if (keep < _entries.Count) _entries.RemoveRange(keep, _entries.Count - keep);
    }

    internal void Install(SnapshotImage image)
    {
        _entries.Clear();
        (Boundary, BoundaryConfiguration, Snapshot) = (image.Id, image.Configuration, image);
    }

    internal void CompactThrough(LogIndex boundary)
    {
        if (At(boundary) is not { } last) return;
        foreach (var stored in _entries)
            if (stored.Entry.Id.Index <= boundary && stored.Configuration is { } configuration) BoundaryConfiguration = configuration;
        _entries.RemoveRange(0, (int)(boundary - Boundary.Index));
        Boundary = last.Entry.Id;
    }

    internal StoredLog Copy()
    {
        var copy = new StoredLog
        {
            HardState = HardState, Boundary = Boundary, BoundaryConfiguration = BoundaryConfiguration, Snapshot = Snapshot,
        };
        copy.Append(_entries);
        return copy;
    }

    internal RecoveredState Recover(RecoveryMode mode)
    {
        var recovered = new RecoveredState(Boundary, BoundaryConfiguration) { HardState = HardState, Mode = mode };
        foreach (var stored in _entries) recovered.Replay(stored.Entry, stored.Configuration);
        if (Snapshot is { } snapshot) recovered.Snapshot = snapshot.Id;
        return recovered;
    }
}
