using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Guessing;

/// <summary>
/// Who may have got a revision that nobody was told, by what is known whatever else is guessed. Answers leave mostly one: they
/// name keys that were changed at a revision and to what, and stretches in which a key was not changed or not there.
/// </summary>
internal sealed class Guesses
{
    private readonly Timeline _timeline;
    private readonly KeyFacts _facts;
    private readonly Absences _absences;
    private readonly Dictionary<string, List<int>> _byKey = new(StringComparer.Ordinal);
    private readonly List<int> _wide = [];
    private readonly bool[] _used;

    internal Guesses(Timeline timeline, KeyFacts facts)
    {
        (_timeline, _facts, _absences) = (timeline, facts, new Absences(timeline));
        _used = new bool[timeline.Unknown.Count];
        for (var i = 0; i < _used.Length; i++)
        {
            var operation = timeline.Unknown[i];
            if (!Effects.CanChange(operation)) continue;
            if (IsWide(operation)) _wide.Add(i);
            else if (_byKey.TryGetValue(operation.Key, out var places)) places.Add(i);
            else _byKey.Add(operation.Key, [i]);
        }
    }

    internal Operation Of(int guess) => _timeline.Unknown[guess];

    internal bool IsUsed(int guess) => _used[guess];

    internal void SetUsed(int guess, bool isUsed) => _used[guess] = isUsed;

    /// <summary>Those that may have got the revision, the last begun first: what is late at all is mostly a little late.</summary>
    internal List<int> At(long revision)
    {
        var found = new List<int>();
        if (_facts.ChangedAt(revision) is { } changed)
        {
            if (_byKey.TryGetValue(changed[0].Key, out var places)) AddPossible(found, places, revision);
            AddPossible(found, _wide, revision);
            found.Sort();
        }
        else
        {
            for (var i = 0; i < _used.Length && _timeline.Floors[i] < revision; i++)
                if (Effects.CanChange(_timeline.Unknown[i]) && IsPossible(_timeline.Unknown[i], revision)) found.Add(i);
        }

        found.Reverse();
        return found;
    }

    private void AddPossible(List<int> found, List<int> places, long revision)
    {
        foreach (var place in places)
            if (_timeline.Floors[place] < revision && IsPossible(_timeline.Unknown[place], revision)) found.Add(place);
    }

    private static bool IsWide(Operation operation) =>
        operation.Kind is OperationKind.Txn or OperationKind.Revoke || operation.RangeEnd is not null;

    private bool IsPossible(Operation operation, long revision)
    {
        var changed = _facts.ChangedAt(revision);
        if (IsWide(operation)) return changed?.TrueForAll(seen => Effects.CanChange(operation, seen.Key)) ?? true;
        var isSeen = changed?.TrueForAll(seen => Leaves(operation, seen.Key, seen.Value)) ?? !_facts.IsQuiet(operation.Key, revision);
        return isSeen && !_absences.IsUntouched(operation.Key, revision) && MayHold(operation, revision);
    }

    /// <summary>Whether it could leave what was seen of a key.</summary>
    private static bool Leaves(Operation operation, string key, string? value) => operation.Key == key && operation.Kind switch
    {
        OperationKind.Delete => false,
        OperationKind.Append => value is null || value.EndsWith(operation.Value!, StringComparison.Ordinal),
        _ => value is null || value == operation.Value,
    };

    /// <summary>Whether the condition on a revision could hold just before.</summary>
    private bool MayHold(Operation operation, long revision)
    {
        if (operation.Kind != OperationKind.PutIf) return true;
        if (operation.IfRevision == 0) return !_facts.IsThere(operation.Key, revision - 1);
        return operation.IfRevision < revision && _facts.ChangedBefore(operation.Key, revision) <= operation.IfRevision;
    }
}
