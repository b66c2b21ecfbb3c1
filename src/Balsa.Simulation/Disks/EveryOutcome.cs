namespace Balsa.Simulation.Disks;

/// <summary>
/// Every outcome of a power cut, one after the other: copy the disk, crash the copy with this, look at it, and go on while
/// <see cref="MoveNext"/>. It counts like an odometer over the choices of the crash before.
/// </summary>
internal sealed class EveryOutcome : ISurvival
{
    private readonly List<(int Choice, int Last)> _choices = [];
    private int _at;

    /// <summary>How many outcomes were asked for so far.</summary>
    internal long Count { get; private set; } = 1;

    public int Choose(ReadOnlySpan<long> steps)
    {
        if (_at == _choices.Count) _choices.Add((0, steps.Length));
        return _choices[_at++].Choice;
    }

    /// <summary>Prepares the next outcome; false when all have been.</summary>
    internal bool MoveNext()
    {
        _at = 0;
        while (_choices.Count > 0 && _choices[^1].Choice == _choices[^1].Last) _choices.RemoveAt(_choices.Count - 1);
        if (_choices.Count == 0) return false;
        _choices[^1] = (_choices[^1].Choice + 1, _choices[^1].Last);
        Count++;
        return true;
    }

    internal void Reset()
    {
        _choices.Clear();
        (_at, Count) = (0, 1);
    }
}
