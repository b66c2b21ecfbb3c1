using Balsa.Raft.Log;

namespace Balsa.Raft.Membership;

/// <summary>
/// The configurations of the log, oldest first: the one in force at the log's boundary and each that an entry brought.
/// The last one rules; truncating its entry brings the one before back.
/// </summary>
internal sealed class ConfigurationHistory
{
    private readonly List<Recorded> _recorded = [];

    private readonly record struct Recorded(LogIndex Index, Configuration Configuration);

    internal Configuration Latest => _recorded[^1].Configuration;

    internal LogIndex LatestIndex => _recorded[^1].Index;

    internal int Count => _recorded.Count;

    internal void Reset(LogIndex index, Configuration configuration)
    {
        _recorded.Clear();
        _recorded.Add(new Recorded(index, configuration));
    }

    internal void Append(LogIndex index, Configuration configuration)
    {
        Invariant.Check(index > LatestIndex);
        _recorded.Add(new Recorded(index, configuration));
    }

    /// <summary>Takes back what entries from <paramref name="from"/> on brought; true when the ruling one changed.</summary>
    internal bool TruncateFrom(LogIndex from)
    {
        var before = _recorded.Count;
        while (_recorded.Count > 1 && LatestIndex >= from) _recorded.RemoveAt(_recorded.Count - 1);
        return _recorded.Count != before;
    }

    internal void CompactTo(LogIndex boundary)
    {
        while (_recorded.Count > 1 && _recorded[1].Index <= boundary) _recorded.RemoveAt(0);
    }

    /// <summary>What was in force at <paramref name="index"/>: a snapshot stores this, never a later one.</summary>
    internal Configuration At(LogIndex index)
    {
        for (var i = _recorded.Count - 1; i > 0; i--)
            if (_recorded[i].Index <= index) return _recorded[i].Configuration;
        return _recorded[0].Configuration;
    }
}
