namespace Balsa.Simulation.Scenarios.Cluster;

/// <summary>
/// A network in one queue. Letters leave it in the order they were sent unless the script holds, drops, repeats or
/// reorders them; what crosses a cut is lost when it is sent.
/// </summary>
internal sealed class ScenarioNetwork(Narrator narrator)
{
    private readonly List<Letter> _letters = [];
    private readonly List<LetterPattern> _held = [];
    private readonly SortedSet<(int From, int To)> _cuts = [];
    private readonly SortedSet<int> _lostTo = [];

    internal IReadOnlyList<Letter> Letters => _letters;

    /// <summary>The kinds of which every letter is told when it is sent.</summary>
    internal List<LetterPattern> Watched { get; } = [];

    internal void Send(Letter letter)
    {
        if (Watched.Exists(p => p.Matches(letter))) narrator.Tell($"sent: {Wording.Of(letter)}");
        if (_cuts.Contains((letter.From, letter.To)) || _lostTo.Contains(letter.To)) narrator.TellLoss($"lost: {Wording.Of(letter)}");
        else _letters.Add(letter);
    }

    internal void Hold(LetterPattern pattern) => _held.Add(pattern);

    internal void Release() => _held.Clear();

    internal void Cut(int from, int to) => _cuts.Add((from, to));

    internal void Reset()
    {
        _letters.Clear();
        _held.Clear();
        _cuts.Clear();
        Watched.Clear();
    }

    internal void Heal() => _cuts.Clear();

    /// <summary>For one command: whatever is sent to these nodes is lost.</summary>
    internal void LoseTo(IEnumerable<int> nodes)
    {
        _lostTo.Clear();
        _lostTo.UnionWith(nodes);
    }

    /// <summary>The oldest letter that nothing holds back, if its receiver listens.</summary>
    internal bool TryTakeFree(Func<int, bool> listens, out Letter letter)
    {
        for (var i = 0; i < _letters.Count; i++)
        {
            letter = _letters[i];
            if (IsHeld(letter) || !listens(letter.To)) continue;
            _letters.RemoveAt(i);
            return true;
        }
        letter = null!;
        return false;
    }

    /// <summary>Takes letters out, held or not: the oldest matching ones, or the newest ones newest first.</summary>
    internal List<Letter> Take(LetterPattern pattern, int lettersMax, bool newest)
    {
        var found = _letters.Where(pattern.Matches).ToList();
        if (newest) found.Reverse();
        if (found.Count > lettersMax) found.RemoveRange(lettersMax, found.Count - lettersMax);
        foreach (var letter in found) _letters.RemoveAt(_letters.FindIndex(l => ReferenceEquals(l, letter)));
        return found;
    }

    internal int Repeat(LetterPattern pattern)
    {
        var found = _letters.Where(pattern.Matches).Select(l => l with { }).ToList();
        _letters.AddRange(found);
        return found.Count;
    }

    private bool IsHeld(Letter letter) => _held.Exists(p => p.Matches(letter));
}
