using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Guessing;

/// <summary>
/// What answers say about keys whatever is guessed: when they were changed and to what, stretches in which they were not, and
/// revisions at which their value is known.
/// </summary>
internal sealed class KeyFacts
{
    private readonly Dictionary<long, List<(string Key, string? Value)>> _changedAt = [];
    private readonly Dictionary<string, List<(long After, long UpTo)>> _quiet = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _changes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _settled = new(StringComparer.Ordinal);

    internal KeyFacts(Timeline timeline)
    {
        foreach (var operation in timeline.Done)
        {
            foreach (var sighting in Sightings.Of(operation)) See(sighting);
            if (!IsPlainChange(operation)) continue;
            Add(_changes, operation.Key, operation.Revision!.Value);
            if (operation.Kind != OperationKind.Append) Add(_settled, operation.Key, operation.Revision!.Value);
        }

        foreach (var stretches in _quiet.Values) Merge(stretches);
        foreach (var revisions in _changes.Values) revisions.Sort();
        foreach (var revisions in _settled.Values) revisions.Sort();
    }

    /// <summary>Keys, with their values where they were told, that somebody saw changed at a revision; null when nobody did.</summary>
    internal List<(string Key, string? Value)>? ChangedAt(long revision) => _changedAt.GetValueOrDefault(revision);

    /// <summary>The last revision before this one at which value and last change of a key are known, 0 when there is none.</summary>
    internal long SettledBefore(string key, long revision) => LastBefore(_settled, key, revision);

    /// <summary>The last revision before this one that surely changed a key, 0 when there is none.</summary>
    internal long ChangedBefore(string key, long revision) => LastBefore(_changes, key, revision);

    /// <summary>Whether somebody saw that the key did not change at this revision.</summary>
    internal bool IsQuiet(string key, long revision) => Stretch(key, revision) is { } stretch && stretch.After < revision;

    /// <summary>Whether somebody saw that the key was there at this revision.</summary>
    internal bool IsThere(string key, long revision) => Stretch(key, revision) is { } stretch && stretch.After <= revision;

    /// <summary>One that changed its one key for sure.</summary>
    private static bool IsPlainChange(Operation operation) => operation.RangeEnd is null && Effects.Of(operation) == Effect.Sure
        && operation.Kind is not (OperationKind.Txn or OperationKind.Revoke);

    private static void Add(Dictionary<string, List<long>> lists, string key, long revision)
    {
        if (!lists.TryGetValue(key, out var list)) lists.Add(key, list = []);
        list.Add(revision);
    }

    private static long LastBefore(Dictionary<string, List<long>> lists, string key, long revision)
    {
        if (!lists.TryGetValue(key, out var list)) return 0;
        var place = list.BinarySearch(revision);
        if (place < 0) place = ~place;
        while (place > 0 && list[place - 1] == revision) place--;
        return place == 0 ? 0 : list[place - 1];
    }

    private void See(Sighting sighting)
    {
        // Who has not seen the value does not know it, even if it knows since when it is there.
        if (sighting.Value is not null || sighting.Modified == 0) Add(_settled, sighting.Key, sighting.At);
        if (sighting.Modified == 0) return;
        Add(_changes, sighting.Key, sighting.Modified);
        if (!_changedAt.TryGetValue(sighting.Modified, out var keys)) _changedAt.Add(sighting.Modified, keys = []);
        if (!keys.Contains((sighting.Key, sighting.Value))) keys.Add((sighting.Key, sighting.Value));
        if (!_quiet.TryGetValue(sighting.Key, out var stretches)) _quiet.Add(sighting.Key, stretches = []);
        stretches.Add((sighting.Modified, sighting.At));
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

    /// <summary>The first stretch that does not end before the revision.</summary>
    private (long After, long UpTo)? Stretch(string key, long revision)
    {
        if (!_quiet.TryGetValue(key, out var stretches)) return null;
        var (low, high) = (0, stretches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stretches[middle].UpTo < revision) low = middle + 1;
            else high = middle;
        }

        return low < stretches.Count ? stretches[low] : null;
    }
}
