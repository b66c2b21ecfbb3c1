using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Storage.Wal;

namespace Balsa.Simulation.Disks.Logs;

/// <summary>What a log must hold after some operations, in the simplest way to say it.</summary>
internal sealed class LogModel
{
    private readonly List<ModelEntry> _entries = [];
    private readonly List<SeenPeer> _peers = [];

    internal HardState HardState { get; private set; }

    internal EntryId Base { get; private set; }

    internal Configuration BaseConfiguration { get; private set; } = Configuration.Empty;

    internal IReadOnlyList<ModelEntry> Entries => _entries;

    internal IReadOnlyList<SeenPeer> Peers => _peers;

    internal LogIndex LastIndex => Base.Index + (ulong)_entries.Count;

    internal EntryId Last => new(TermAt(LastIndex), LastIndex);

    /// <summary>Empty; also for what is read back, which comes piece by piece.</summary>
    internal void Begin(HardState hardState, EntryId boundary, Configuration configuration)
    {
        _entries.Clear();
        _peers.Clear();
        (HardState, Base, BaseConfiguration) = (hardState, boundary, configuration);
    }

    internal void CopyFrom(LogModel other)
    {
        Begin(other.HardState, other.Base, other.BaseConfiguration);
        _entries.AddRange(other._entries);
        _peers.AddRange(other._peers);
    }

    internal void Add(ModelEntry entry) => _entries.Add(entry);

    internal void Add(SeenPeer peer)
    {
        for (var i = _peers.Count - 1; i >= 0; i--)
            if (_peers[i].Member == peer.Member) _peers.RemoveAt(i);
        _peers.Add(peer);
    }

    internal Term TermAt(LogIndex index) => index == Base.Index ? Base.Term : EntryAt(index).Term;

    internal ModelEntry EntryAt(LogIndex index) => _entries[(int)(index - Base.Index) - 1];

    internal bool Has(EntryId id) => id.Index >= Base.Index && id.Index <= LastIndex && TermAt(id.Index) == id.Term;

    internal void Apply(in LogOperation operation)
    {
        switch (operation.Change)
        {
            case LogChange.HardState: HardState = operation.HardState; break;
            case LogChange.Entry: Add(new ModelEntry(operation.Id.Term, operation.Kind, operation.Length, operation.Crc)); break;
            case LogChange.Peer: Add(operation.Peer); break;
            case LogChange.Truncation:
                var kept = (int)(operation.Id.Index - Base.Index) - 1;
                _entries.RemoveRange(kept, _entries.Count - kept);
                break;
            case LogChange.Base:
                if (Has(operation.Id)) _entries.RemoveRange(0, (int)(operation.Id.Index - Base.Index));
                else _entries.Clear();
                (Base, BaseConfiguration) = (operation.Id, operation.Configuration!);
                break;
            case LogChange.Recovered: break;
        }
    }

    /// <summary>The first thing that differs, or nothing.</summary>
    internal string? DifferenceTo(LogModel other)
    {
        if (HardState != other.HardState) return $"{HardState} instead of {other.HardState}";
        if (Base != other.Base) return $"the log begins after {Base} instead of {other.Base}";
        if (LastIndex != other.LastIndex) return $"the last entry is {Last} instead of {other.Last}";
        for (var i = _entries.Count - 1; i >= 0; i--)
            if (_entries[i] != other._entries[i])
                return $"entry {Base.Index + (ulong)i + 1} is {_entries[i]} instead of {other._entries[i]}";
        if (LogOperation.OfBase(Base, BaseConfiguration) != LogOperation.OfBase(other.Base, other.BaseConfiguration))
            return "the configuration at the base is another one";
        return PeersDiffer(other) ? $"the peers are {string.Join(", ", _peers)} instead of {string.Join(", ", other._peers)}" : null;
    }

    internal bool Equals(LogModel other) =>
        HardState == other.HardState && Base == other.Base && LastIndex == other.LastIndex && DifferenceTo(other) is null;

    private bool PeersDiffer(LogModel other)
    {
        if (_peers.Count != other._peers.Count) return true;
        foreach (var peer in _peers)
            if (!other._peers.Contains(peer)) return true;
        return false;
    }
}
