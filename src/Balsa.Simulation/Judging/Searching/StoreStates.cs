using System.Text;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// States of several keys at once, as numbers, for operations that touch more than one key. Zero is the empty store. What an
/// operation makes of a state is worked out once.
/// </summary>
internal sealed class StoreStates
{
    private const long Present = 1;
    private readonly List<Operation> _operations = [];
    private readonly List<List<(string Key, string Value)>> _states = [[]];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private readonly Dictionary<(int Operation, int State), int> _outcomes = [];

    internal int Number(Operation operation)
    {
        _operations.Add(operation);
        return _operations.Count - 1;
    }

    /// <summary>False when the answer cannot have come from this state.</summary>
    internal bool TryRun(int operation, int state, out int next)
    {
        if (!_outcomes.TryGetValue((operation, state), out next))
        {
            next = Run(_operations[operation], state);
            _outcomes.Add((operation, state), next);
        }

        return next >= 0;
    }

    private int Run(Operation operation, int state)
    {
        var shelf = new Shelf();
        foreach (var (key, value) in _states[state]) shelf.Set(key, new Cell(value, Present, Present, Present, 0));
        var clerk = new Clerk(shelf, knowsRevisions: false);
        clerk.Play(operation, Present);
        return clerk.Dispute is null ? NumberOf(shelf) : -1;
    }

    private int NumberOf(Shelf shelf)
    {
        var state = new List<(string, string)>();
        var text = new StringBuilder();
        foreach (var key in shelf.KeysIn(new Part { Kind = OperationKind.Range, End = "" }))
        {
            var value = shelf.Find(key)!.Value.Value;
            state.Add((key, value));
            // With the lengths, so that no two states have one text.
            text.Append(key.Length).Append(' ').Append(value.Length).Append(' ').Append(key).Append(value);
        }

        if (_numbers.TryGetValue(text.ToString(), out var number)) return number;
        _numbers.Add(text.ToString(), _states.Count);
        _states.Add(state);
        return _states.Count - 1;
    }
}
