using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>Divides operations into parts of which no two touch the same key: mostly a part a key.</summary>
internal sealed class Parts
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _keys = [];
    private readonly List<int> _parents = [];

    /// <summary>The parts in the order in which they appear, each in the order of the operations.</summary>
    internal static List<List<Operation>> Of(List<Operation> operations)
    {
        var parts = new Parts();
        foreach (var operation in operations) parts.NumberKeys(operation);
        foreach (var operation in operations) parts.Join(operation);
        var places = new Dictionary<int, int>();
        var found = new List<List<Operation>>();
        foreach (var operation in operations)
        {
            var root = parts.Root(parts.FirstKey(operation));
            if (!places.TryGetValue(root, out var place))
            {
                place = found.Count;
                places.Add(root, place);
                found.Add([]);
            }

            found[place].Add(operation);
        }

        return found;
    }

    private void NumberKeys(Operation operation)
    {
        Number(operation.Key);
        foreach (var compare in operation.Compares) Number(compare.Key);
        foreach (var part in operation.Then) Number(part.Key);
        foreach (var part in operation.Else) Number(part.Key);
    }

    /// <summary>A transaction has no key of its own; its first comparison or part stands for it.</summary>
    private int FirstKey(Operation operation)
    {
        if (operation.Kind != OperationKind.Txn) return _numbers[operation.Key];
        if (operation.Compares.Count > 0) return _numbers[operation.Compares[0].Key];
        if (operation.Then.Count > 0) return _numbers[operation.Then[0].Key];
        return _numbers[operation.Else.Count > 0 ? operation.Else[0].Key : operation.Key];
    }

    private void Join(Operation operation)
    {
        var first = FirstKey(operation);
        if (operation.RangeEnd is not null)
            JoinRange(first, new Part { Kind = operation.Kind, Key = operation.Key, End = operation.RangeEnd });
        foreach (var compare in operation.Compares) Join(first, _numbers[compare.Key]);
        foreach (var part in operation.Then) JoinRange(first, part);
        foreach (var part in operation.Else) JoinRange(first, part);
    }

    private void JoinRange(int first, Part part)
    {
        Join(first, _numbers[part.Key]);
        if (part.End is null) return;
        for (var i = 0; i < _keys.Count; i++)
            if (part.Covers(_keys[i])) Join(first, i);
    }

    private void Join(int one, int other) => _parents[Root(other)] = Root(one);

    private int Root(int number)
    {
        while (_parents[number] != number) number = _parents[number] = _parents[_parents[number]];
        return number;
    }

    private void Number(string key)
    {
        if (!_numbers.TryAdd(key, _keys.Count)) return;
        _parents.Add(_keys.Count);
        _keys.Add(key);
    }
}
