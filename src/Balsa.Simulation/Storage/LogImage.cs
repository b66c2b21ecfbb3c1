using Balsa.Raft.Log;
using Balsa.Raft.Membership;

namespace Balsa.Simulation.Storage;

/// <summary>
/// A log as one place holds it: what a node has written (volatile), or what its disk would give back (durable). The
/// membership is kept beside it without asking the core, so that the core's own can be compared with it.
/// </summary>
internal sealed class LogImage(Configuration founding)
{
    private readonly List<(LogIndex Index, Configuration Configuration)> _configurations = [];
    private StoredEntry[] _entries = new StoredEntry[64];
    private int _start, _count;

    internal EntryId Boundary { get; private set; }

    internal ulong BoundaryChain { get; private set; }

    internal Configuration BoundaryConfiguration { get; private set; } = founding;

    internal EntryId Last => _count == 0 ? Boundary : _entries[_start + _count - 1].Entry.Id;

    internal ulong LastChain => _count == 0 ? BoundaryChain : _entries[_start + _count - 1].Chain;

    /// <summary>The newest configuration of the log, committed or not.</summary>
    internal Configuration Ruling => _configurations.Count == 0 ? BoundaryConfiguration : _configurations[^1].Configuration;

    /// <summary>Where the ruling configuration stands; the boundary when it is older than the log.</summary>
    internal LogIndex RulingIndex => _configurations.Count == 0 ? Boundary.Index : _configurations[^1].Index;

    internal bool Has(LogIndex index) => index > Boundary.Index && index <= Last.Index;

    internal ref readonly StoredEntry this[LogIndex index] =>
        ref _entries[_start + (int)(index.Value - Boundary.Index.Value - 1)];

    /// <summary>The chain through an index; false when it is not in the log and not its boundary.</summary>
    internal bool TryChainAt(LogIndex index, out ulong chain)
    {
        chain = 0;
        if (index < Boundary.Index || index > Last.Index) return false;
        chain = index == Boundary.Index ? BoundaryChain : this[index].Chain;
        return true;
    }

    internal Term TermAt(LogIndex index) => index == Boundary.Index ? Boundary.Term : this[index].Entry.Id.Term;

    internal Configuration ConfigurationAt(LogIndex index)
    {
        for (var i = _configurations.Count - 1; i >= 0; i--)
            if (_configurations[i].Index <= index) return _configurations[i].Configuration;
        return BoundaryConfiguration;
    }

    internal int ConfigurationsAfter(LogIndex index)
    {
        var count = 0;
        for (var i = _configurations.Count - 1; i >= 0 && _configurations[i].Index > index; i--) count++;
        return count;
    }

    internal void Append(in StoredEntry entry)
    {
        if (entry.Entry.Id.Index != Last.Index.Next) throw new InvalidOperationException($"append of {entry.Entry.Id} after {Last}");
        if (_start + _count == _entries.Length) MakeRoom();
        _entries[_start + _count++] = entry;
        if (entry.Configuration is { } configuration) _configurations.Add((entry.Entry.Id.Index, configuration));
    }

    internal void TruncateFrom(LogIndex from)
    {
        if (from > Last.Index) return;
        _count = (int)(from.Value - Boundary.Index.Value - 1);
        while (_configurations.Count > 0 && _configurations[^1].Index >= from) _configurations.RemoveAt(_configurations.Count - 1);
    }

    internal void CompactTo(LogIndex boundary)
    {
        if (boundary <= Boundary.Index) return;
        var chain = this[boundary].Chain;
        var term = TermAt(boundary);
        var configuration = ConfigurationAt(boundary);
        var dropped = (int)(boundary.Value - Boundary.Index.Value);
        (_start, _count) = (_start + dropped, _count - dropped);
        (Boundary, BoundaryChain, BoundaryConfiguration) = (new EntryId(term, boundary), chain, configuration);
        while (_configurations.Count > 0 && _configurations[0].Index <= boundary) _configurations.RemoveAt(0);
    }

    internal void Reset(SnapshotRecord snapshot)
    {
        (_start, _count) = (0, 0);
        (Boundary, BoundaryChain, BoundaryConfiguration) = (snapshot.Id, snapshot.Chain, snapshot.Configuration);
        _configurations.Clear();
    }

    internal void CopyFrom(LogImage other)
    {
        (Boundary, BoundaryChain, BoundaryConfiguration) = (other.Boundary, other.BoundaryChain, other.BoundaryConfiguration);
        if (_entries.Length < other._count) _entries = new StoredEntry[other._entries.Length];
        Array.Copy(other._entries, other._start, _entries, 0, other._count);
        (_start, _count) = (0, other._count);
        _configurations.Clear();
        _configurations.AddRange(other._configurations);
    }

    private void MakeRoom()
    {
        if (_start > _entries.Length / 2)
        {
            Array.Copy(_entries, _start, _entries, 0, _count);
        }
        else
        {
            var larger = new StoredEntry[_entries.Length * 2];
            Array.Copy(_entries, _start, larger, 0, _count);
            _entries = larger;
        }
        _start = 0;
    }
}
