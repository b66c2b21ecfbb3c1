using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;

namespace Balsa.Etcd.Tests.Steps;

/// <summary>
/// etcd's sort is not stable, so keys with equal sort keys may come in any order, and where the limit cuts through them any
/// may be left out. Everything else of the order is compared: equal ones are put in the order of their keys, and of those at
/// a cut only their sort key and number stay.
/// </summary>
internal static class Ties
{
    public static string Break(RangeStep range, Answer answer)
    {
        var values = answer.Values;
        if (range.Target == SortTarget.Key || range.Order > SortOrder.Descending) return OutcomeText.Joined(values);
        // Without their values, nobody can see by what they were sorted.
        var blind = range.Target == SortTarget.Value && range.Options.HasFlag(RangeOptions.KeysOnly);
        var groups = new List<string>();
        for (var (from, to) = (0, 0); from < values.Count; from = to)
        {
            while (to < values.Count && (blind || SortKey(range, values[from]) == SortKey(range, values[to]))) to++;
            var group = values.Skip(from).Take(to - from);
            var isCut = answer.More && to == values.Count;
            groups.Add(isCut ? $"{to - from} of {(blind ? "some" : SortKey(range, values[from]))}"
                : OutcomeText.Joined(group.OrderBy(value => Convert.ToHexString(value.Key), StringComparer.Ordinal)));
        }

        return string.Join(", ", groups);
    }

    private static string SortKey(RangeStep range, StoredKey value) => range.Target switch
    {
        SortTarget.Version => $"version {value.Version}",
        SortTarget.Created => $"created {value.Created}",
        SortTarget.Modified => $"modified {value.Modified}",
        _ => $"value {OutcomeText.Text(value.Value)}",
    };
}
