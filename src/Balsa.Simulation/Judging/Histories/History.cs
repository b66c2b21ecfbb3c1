namespace Balsa.Simulation.Judging.Histories;

/// <summary>What clients saw of a store: their operations in the order of their beginnings.</summary>
public sealed class History
{
    public History(IEnumerable<Operation> operations)
    {
        var sorted = new List<Operation>(operations);
        // Begin, then line: a sort that keeps equal ones apart is the same everywhere.
        sorted.Sort((one, other) => (one.Begin, one.Line).CompareTo((other.Begin, other.Line)));
        Operations = sorted;
    }

    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>Keys do not touch each other, so a history holds exactly if each key's own does. In order of appearance.</summary>
    internal List<List<Operation>> ByKey()
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new List<List<Operation>>();
        foreach (var operation in Operations)
        {
            if (!places.TryGetValue(operation.Key, out var place))
            {
                place = keys.Count;
                places.Add(operation.Key, place);
                keys.Add([]);
            }

            keys[place].Add(operation);
        }

        return keys;
    }
}
