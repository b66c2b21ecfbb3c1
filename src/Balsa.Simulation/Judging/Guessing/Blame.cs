namespace Balsa.Simulation.Judging.Guessing;

/// <summary>
/// Why something failed, as far as guesses matter: it would fail again unless the story of one of these keys were another, or
/// one of these operations of unknown outcome were still free. Whoever has no part in that need not be tried again.
/// </summary>
internal sealed class Blame
{
    private readonly SortedDictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _used = [];
    private bool _isEverything;

    internal void AddEverything() => _isEverything = true;

    /// <summary>Only changes of the key behind this revision matter: what it had then is known.</summary>
    internal void AddKey(string key, long settled) =>
        _keys[key] = _keys.TryGetValue(key, out var earlier) ? Math.Min(earlier, settled) : settled;

    /// <summary>Somebody else has this operation of unknown outcome.</summary>
    internal void AddUsed(int unknown) => _used.Add(unknown);

    /// <summary>Takes over what does not come from a choice itself.</summary>
    internal void Add(Blame other, int own)
    {
        _isEverything |= other._isEverything;
        foreach (var (key, settled) in other._keys) AddKey(key, settled);
        foreach (var unknown in other._used)
            if (unknown != own) _used.Add(unknown);
    }

    /// <summary>Whether another guess could have prevented it.</summary>
    internal bool Concerns(Choice choice)
    {
        if (_isEverything || _used.Contains(choice.Guess.Unknown)) return true;
        foreach (var (key, settled) in _keys)
            if (choice.Revision > settled && choice.CanChange(key)) return true;
        return false;
    }

    /// <summary>Whether the present guess had a part in it.</summary>
    internal bool Touches(Choice choice)
    {
        if (_isEverything || _used.Contains(choice.Guess.Unknown)) return true;
        foreach (var (key, settled) in _keys)
            if (choice.Revision > settled && choice.Guess != Candidate.Nobody && choice.Guess.CanChange(key)) return true;
        return false;
    }

    /// <summary>Whether it has nothing to do with this candidate, so that it fails again with each other of which that is true.</summary>
    internal bool IsBeside(Candidate candidate)
    {
        if (_isEverything || _used.Contains(candidate.Unknown)) return false;
        foreach (var key in _keys.Keys)
            if (candidate.CanChange(key)) return false;
        return true;
    }
}
