using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>
/// A store of two keys that is too plain to be wrong. Nothing of the judge is used here, so that both would have to make the
/// same mistake.
/// </summary>
internal sealed class TrialStore(TrialCell? first, TrialCell? second, long revision)
{
    internal const string First = "a", Second = "b";

    internal static TrialStore Empty { get; } = new(null, null, History.FirstRevision);

    /// <summary>The store afterwards, and everything that it could tell.</summary>
    internal TrialStore Run(Operation asked, out TrialAnswer answer)
    {
        var draft = new Draft { First = first, Second = second, Revision = revision + 1 };
        var cell = draft.At(asked.Key);
        answer = new TrialAnswer(true, cell?.Value, cell?.Modified ?? 0, null, 0);
        switch (asked.Kind)
        {
            case OperationKind.Replace:
                answer = answer with { Met = draft.PutWhen(cell is not null, asked) };
                break;
            case OperationKind.Swap:
                answer = answer with { Met = draft.PutWhen(cell?.Value == asked.Expected, asked) };
                break;
            case OperationKind.PutIf:
                answer = answer with { Met = draft.PutWhen((cell?.Modified ?? 0) == asked.IfRevision, asked) };
                break;
            case OperationKind.Txn:
                answer = RunTxn(asked, draft);
                break;
            default:
                answer = draft.Run(asked.Kind, asked.Key, asked.RangeEnd, asked.Value, asked.Limit);
                break;
        }

        var next = draft.HasChanged ? new TrialStore(draft.First, draft.Second, revision + 1) : this;
        answer = answer with { Revision = draft.HasChanged ? revision + 1 : revision };
        return next;
    }

    private static TrialAnswer RunTxn(Operation asked, Draft draft)
    {
        var holds = true;
        foreach (var compare in asked.Compares)
            if (!Holds(compare, draft.At(compare.Key))) holds = false;
        var parts = new List<TrialAnswer>();
        foreach (var part in holds ? asked.Then : asked.Else)
            parts.Add(draft.Run(part.Kind, part.Key, part.End, part.Value, part.Limit));
        return new TrialAnswer(holds, null, 0, null, 0) { Parts = parts };
    }

    private static bool Holds(Compare compare, TrialCell? cell)
    {
        if (compare.Target == CompareTarget.Value && cell is null) return false;
        var order = compare.Target switch
        {
            CompareTarget.Value => string.CompareOrdinal(cell!.Value, compare.Text),
            CompareTarget.Modified => (cell?.Modified ?? 0).CompareTo(compare.Number),
            CompareTarget.Created => (cell?.Created ?? 0).CompareTo(compare.Number),
            _ => (cell?.Version ?? 0).CompareTo(compare.Number),
        };
        return compare.Sign switch { null => order != 0, 0 => order == 0, < 0 => order < 0, _ => order > 0 };
    }

    private sealed class Draft
    {
        internal TrialCell? First { get; set; }

        internal TrialCell? Second { get; set; }

        internal long Revision { get; init; }

        internal bool HasChanged { get; private set; }

        internal TrialCell? At(string key) => key == TrialStore.First ? First : key == TrialStore.Second ? Second : null;

        internal bool PutWhen(bool holds, Operation asked)
        {
            if (holds) Put(asked.Key, asked.Value!);
            return holds;
        }

        internal TrialAnswer Run(OperationKind kind, string key, string? end, string? value, int limit)
        {
            var cell = At(key);
            switch (kind)
            {
                case OperationKind.Put:
                    Put(key, value!);
                    break;
                case OperationKind.Append:
                    Put(key, cell?.Value + value);
                    break;
                case OperationKind.Delete:
                    var meant = In(key, end);
                    foreach (var item in meant) Set(item.Key, null);
                    HasChanged |= meant.Count > 0;
                    return new TrialAnswer(meant.Count > 0, null, 0, null, 0);
                case OperationKind.Range:
                    var found = In(key, end);
                    if (limit > 0 && found.Count > limit) found.RemoveRange(limit, found.Count - limit);
                    return new TrialAnswer(true, null, 0, found, 0);
            }

            return new TrialAnswer(true, cell?.Value, cell?.Modified ?? 0, null, 0);
        }

        private List<Item> In(string key, string? end)
        {
            var found = new List<Item>();
            foreach (var candidate in (ReadOnlySpan<string>)[TrialStore.First, TrialStore.Second])
            {
                var isMeant = end is null
                    ? candidate == key
                    : string.CompareOrdinal(candidate, key) >= 0 && (end.Length == 0 || string.CompareOrdinal(candidate, end) < 0);
                if (isMeant && At(candidate) is { } cell) found.Add(new Item(candidate, cell.Value, cell.Modified));
            }

            return found;
        }

        private void Put(string key, string value)
        {
            var before = At(key);
            Set(key, new TrialCell(value, before?.Created ?? Revision, Revision, (before?.Version ?? 0) + 1));
            HasChanged = true;
        }

        private void Set(string key, TrialCell? cell)
        {
            if (key == TrialStore.First) First = cell;
            else Second = cell;
        }
    }
}

internal sealed record TrialCell(string Value, long Created, long Modified, long Version);
