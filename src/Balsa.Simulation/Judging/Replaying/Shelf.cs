using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>Keys and leases at one revision. Each change is noted, so that a wrong guess can be taken back.</summary>
internal sealed class Shelf
{
    private readonly Dictionary<string, Cell> _cells = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<long> _leases = [];
    private readonly List<(string? Key, Cell? Cell, long Lease, bool WasAlive)> _changes = [];

    /// <summary>Where <see cref="ReturnTo"/> can go back to.</summary>
    internal int Mark => _changes.Count;

    internal Cell? Find(string key) => _cells.TryGetValue(key, out var cell) ? cell : null;

    internal bool IsAlive(long lease) => _leases.Contains(lease);

    internal void Set(string key, Cell? cell)
    {
        _changes.Add((key, Find(key), 0, false));
        Place(key, cell);
    }

    internal void SetAlive(long lease, bool isAlive)
    {
        _changes.Add((null, null, lease, IsAlive(lease)));
        if (isAlive) _leases.Add(lease);
        else _leases.Remove(lease);
    }

    internal List<string> KeysIn(Part part)
    {
        var found = new List<string>();
        if (part.End is null)
        {
            if (_cells.ContainsKey(part.Key)) found.Add(part.Key);
            return found;
        }

        if (_keys.Count == 0 || string.CompareOrdinal(part.Key, _keys.Max) > 0) return found;
        foreach (var key in _keys.GetViewBetween(part.Key, _keys.Max))
        {
            if (!part.Covers(key)) break;
            found.Add(key);
        }

        return found;
    }

    internal List<string> KeysOf(long lease)
    {
        var found = new List<string>();
        foreach (var key in _keys)
            if (_cells[key].Lease == lease) found.Add(key);
        return found;
    }

    /// <summary>Leases that keys hang on, by the first of their keys.</summary>
    internal List<long> LeasesWithKeys()
    {
        var found = new List<long>();
        foreach (var key in _keys)
            if (_cells[key].Lease is not 0 and var lease && !found.Contains(lease)) found.Add(lease);
        return found;
    }

    internal void ReturnTo(int mark)
    {
        for (var i = _changes.Count - 1; i >= mark; i--)
        {
            var (key, cell, lease, wasAlive) = _changes[i];
            if (key is not null) Place(key, cell);
            else if (wasAlive) _leases.Add(lease);
            else _leases.Remove(lease);
        }

        _changes.RemoveRange(mark, _changes.Count - mark);
    }

    private void Place(string key, Cell? cell)
    {
        if (cell is { } present)
        {
            if (_cells.TryAdd(key, present)) _keys.Add(key);
            else _cells[key] = present;
        }
        else if (_cells.Remove(key))
        {
            _keys.Remove(key);
        }
    }
}
