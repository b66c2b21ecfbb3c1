namespace Balsa.Simulation.Judging.Guessing;

/// <summary>A revision that nobody surely got: who may have, what was ruled out and why, and the way back.</summary>
internal sealed class Choice
{
    private readonly List<Candidate> _candidates;
    private readonly bool[] _isOut;
    private readonly Dictionary<string, bool> _canChange = new(StringComparer.Ordinal);
    private int _next;

    internal Choice(List<Candidate> candidates)
    {
        _candidates = candidates;
        _isOut = new bool[candidates.Count];
    }

    internal required long Revision { get; init; }

    internal required int At { get; init; }

    internal required int Mark { get; init; }

    internal required int Changes { get; init; }

    /// <summary>The one that is assumed now.</summary>
    internal Candidate Guess { get; private set; } = Candidate.Nobody;

    /// <summary>Why all that was tried here failed.</summary>
    internal Blame Blame { get; } = new();

    /// <summary>Whether any of the candidates could change this key.</summary>
    internal bool CanChange(string key)
    {
        if (!_canChange.TryGetValue(key, out var can))
            _canChange.Add(key, can = _candidates.Exists(candidate => candidate.CanChange(key)));
        return can;
    }

    internal bool TryNext()
    {
        while (_next < _candidates.Count && _isOut[_next]) _next++;
        if (_next == _candidates.Count) return false;
        Guess = _candidates[_next++];
        return true;
    }

    internal void Clear() => Guess = Candidate.Nobody;

    /// <summary>The guess failed, and with it every other that the reason has as little to do with.</summary>
    internal void RuleOut(Candidate guess, Blame blame)
    {
        Blame.Add(blame, guess.Unknown);
        if (!blame.IsBeside(guess)) return;
        for (var i = _next; i < _candidates.Count; i++)
            if (blame.IsBeside(_candidates[i])) _isOut[i] = true;
    }
}
