using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Who may have got a revision that nobody was told. Reads that say when something was written leave mostly one choice: they
/// name keys that were changed at a revision, and stretches in which a key was not changed.
/// </summary>
internal sealed class Guesses
{
    private readonly Timeline _timeline;
    private readonly Dictionary<long, List<string>> _changedAt = [];
    private readonly Dictionary<string, List<(long After, long UpTo)>> _quiet = new(StringComparer.Ordinal);
    private readonly bool[] _used;

    internal Guesses(Timeline timeline)
    {
        _timeline = timeline;
        _used = new bool[timeline.Unknown.Count];
        foreach (var operation in timeline.Done)
            foreach (var sighting in Sightings.Of(operation)) See(sighting.Key, sighting.Modified, sighting.At);
        foreach (var stretches in _quiet.Values) Merge(stretches);
    }

    internal Operation Of(int guess) => _timeline.Unknown[guess];

    internal void SetUsed(int guess, bool isUsed) => _used[guess] = isUsed;

    /// <summary>Those that may have got the revision, by their beginning.</summary>
    internal List<int> At(long revision)
    {
        var found = new List<int>();
        _changedAt.TryGetValue(revision, out var keys);
        for (var i = 0; i < _used.Length && _timeline.Floors[i] < revision; i++)
        {
            var operation = _timeline.Unknown[i];
            if (_used[i] || !Effects.CanChange(operation)) continue;
            var isPossible = keys?.TrueForAll(key => Effects.CanChange(operation, key)) ?? !IsQuiet(operation, revision);
            if (isPossible) found.Add(i);
        }

        return found;
    }

    private void See(string key, long modified, long at)
    {
        if (modified == 0) return;
        if (!_changedAt.TryGetValue(modified, out var keys)) _changedAt.Add(modified, keys = []);
        if (!keys.Contains(key)) keys.Add(key);
        if (!_quiet.TryGetValue(key, out var stretches)) _quiet.Add(key, stretches = []);
        stretches.Add((modified, at));
    }

    private static void Merge(List<(long After, long UpTo)> stretches)
    {
        stretches.Sort();
        var last = 0;
        for (var i = 1; i < stretches.Count; i++)
        {
            if (stretches[i].After >= stretches[last].UpTo) stretches[++last] = stretches[i];
            else stretches[last] = (stretches[last].After, Math.Max(stretches[last].UpTo, stretches[i].UpTo));
        }

        stretches.RemoveRange(last + 1, stretches.Count - last - 1);
    }

    /// <summary>Only for operations that surely change their one key if they change anything.</summary>
    private bool IsQuiet(Operation operation, long revision)
    {
        if (operation.Kind is OperationKind.Txn or OperationKind.Revoke || operation.RangeEnd is not null) return false;
        if (!_quiet.TryGetValue(operation.Key, out var stretches)) return false;
        var (low, high) = (0, stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stretches[middle].UpTo < revision) low = middle + 1;
            else high = middle;
        }

        return low < stretches.Count && stretches[low].After < revision;
    }
}
