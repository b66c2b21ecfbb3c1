using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Guessing;

/// <summary>
/// Keys that nothing ever deletes, and the last revision at which somebody saw that they were not there: until then no write of
/// theirs has taken effect. Only keys that something of unknown outcome writes are looked at.
/// </summary>
internal sealed class Absences
{
    private readonly SortedDictionary<string, long> _until = new(StringComparer.Ordinal);

    internal Absences(Timeline timeline)
    {
        foreach (var operation in timeline.Unknown)
            if (operation.RangeEnd is null && operation.Kind != OperationKind.Txn && Effects.CanChange(operation))
                _until[operation.Key] = 0;
        foreach (var operation in timeline.Done) Forget(operation);
        foreach (var operation in timeline.Unknown) Forget(operation);
        var keys = new List<string>(_until.Keys);
        foreach (var operation in timeline.Done) See(operation, keys);
    }

    /// <summary>Whether a key was surely never written up to this revision.</summary>
    internal bool IsUntouched(string key, long revision) => _until.TryGetValue(key, out var until) && revision <= until;

    /// <summary>What could delete a key makes that its absence says little.</summary>
    private void Forget(Operation operation)
    {
        if (operation.Kind == OperationKind.Delete) Forget(operation.Key, operation.RangeEnd);
        foreach (var part in (IEnumerable<Part>)[.. operation.Then, .. operation.Else])
            if (part.Kind == OperationKind.Delete) Forget(part.Key, part.End);
    }

    private void Forget(string key, string? end)
    {
        if (end is null)
        {
            _until.Remove(key);
            return;
        }

        var meant = new Part { Kind = OperationKind.Delete, Key = key, End = end };
        foreach (var candidate in new List<string>(_until.Keys))
            if (meant.Covers(candidate)) _until.Remove(candidate);
    }

    private void See(Operation operation, List<string> keys)
    {
        foreach (var sighting in Sightings.Of(operation))
            if (sighting.Modified == 0) See(sighting.Key, sighting.At);
        if (operation is not { Kind: OperationKind.Range, Items: { } items, Limit: 0 }) return;
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items) there.Add(item.Key);
        var meant = new Part { Kind = OperationKind.Range, Key = operation.Key, End = operation.RangeEnd };
        var first = keys.BinarySearch(operation.Key, StringComparer.Ordinal);
        for (var i = first < 0 ? ~first : first; i < keys.Count && meant.Covers(keys[i]); i++)
            if (!there.Contains(keys[i])) See(keys[i], operation.Revision!.Value);
    }

    private void See(string key, long revision)
    {
        if (_until.TryGetValue(key, out var until)) _until[key] = Math.Max(until, revision);
    }
}
