namespace Balsa.Simulation.Judging.Searching;

/// <summary>Gives each value of a key a number, so that states are compared and remembered as numbers. Zero is no value.</summary>
internal sealed class Values(StoreStates? states = null)
{
    /// <summary>Any value that no operation can see before another is set.</summary>
    internal const int Unseen = -1;

    private readonly List<string> _texts = [""];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<(int First, int Second), int> _joined = [];

    /// <summary>Set where a state is that of several keys.</summary>
    internal StoreStates? States => states;

    internal int Number(string? text)
    {
        if (text is null) return 0;
        if (_numbers.TryGetValue(text, out var number)) return number;
        number = _texts.Count;
        _texts.Add(text);
        _numbers.Add(text, number);
        return number;
    }

    /// <summary>Whether appends can make the second of the first.</summary>
    internal bool IsBeginning(int first, int second) =>
        first == 0 || (first > 0 && second > 0 && _texts[second].StartsWith(_texts[first], StringComparison.Ordinal));

    /// <summary>What appending makes of a value. Nothing appended to no value is still no value.</summary>
    internal int Joined(int first, int second)
    {
        if (first == Unseen) return Unseen;
        if (first == 0) return second;
        if (second == 0) return first;
        if (_joined.TryGetValue((first, second), out var number)) return number;
        number = Number(_texts[first] + _texts[second]);
        _joined.Add((first, second), number);
        return number;
    }
}
