using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Replaying;

/// <summary>
/// Changes whose clients were told a revision. Two of them, or one and an answer, can contradict each other whatever became
/// of the operations of unknown outcome; those are found here at once, however much there would be to guess.
/// </summary>
internal sealed class Claims
{
    private readonly Timeline _timeline;
    private readonly Dictionary<long, Operation> _byRevision = [];
    private readonly Dictionary<string, List<Operation>> _byKey = new(StringComparer.Ordinal);

    internal Claims(Timeline timeline)
    {
        _timeline = timeline;
        foreach (var operation in timeline.Done)
        {
            if (Effects.Of(operation) != Effect.Sure) continue;
            if (!_byRevision.TryAdd(operation.Revision!.Value, operation)) Twins ??= (_byRevision[operation.Revision.Value], operation);
            if (operation.Kind == OperationKind.Txn || operation.RangeEnd is not null) continue;
            if (!_byKey.TryGetValue(operation.Key, out var changes)) _byKey.Add(operation.Key, changes = []);
            changes.Add(operation);
        }
    }

    /// <summary>Two changes with one revision; null when there are none.</summary>
    internal (Operation One, Operation Other)? Twins { get; }

    internal Operation? At(long revision) => _byRevision.GetValueOrDefault(revision);

    /// <summary>An answer that cannot be true beside a change, and the change; null when there is none.</summary>
    internal (Operation Change, Operation Answer)? FindContradiction()
    {
        foreach (var operation in _timeline.Done)
        {
            foreach (var sighting in Sightings.Of(operation))
                if (Contradicted(sighting, operation) is { } change) return (change, operation);
        }

        return null;
    }

    private Operation? Contradicted(Sighting sighting, Operation operation)
    {
        if (sighting.Modified != 0 && _byRevision.TryGetValue(sighting.Modified, out var source) && !ReferenceEquals(source, operation))
        {
            if (!Effects.CanChange(source, sighting.Key)) return source;
            var isPut = source.Kind is OperationKind.Put or OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf;
            if (isPut && sighting.Value is not null && sighting.Value != source.Value) return source;
        }

        // A key that was not there may have been changed and deleted since.
        if (sighting.Modified == 0 || !_byKey.TryGetValue(sighting.Key, out var changes)) return null;
        var (low, high) = (0, changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (changes[middle].Revision > sighting.Modified) high = middle;
            else low = middle + 1;
        }

        return low < changes.Count && changes[low].Revision <= sighting.At ? changes[low] : null;
    }
}
