using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Searching;

namespace Balsa.Simulation.Judging.Windows;

/// <summary>
/// Says which operations can be left out of a history so that the rest is not more wrong than the whole. What only looks can.
/// What changes the value can if nothing that stays could have seen its change: in any order that explains the whole, the last
/// change before each demand then stays, and the same order explains the rest.
/// </summary>
internal sealed class Omission
{
    private readonly List<Operation> _operations;
    private readonly Values _values;
    private readonly bool _holdsChanges;
    private readonly List<Move?> _moves = [];
    private readonly List<(long Begin, long End)> _changes = [];
    private readonly long[] _firstEnd;

    private readonly bool _hidden;

    /// <param name="operations">Of one key, by their beginning.</param>
    /// <param name="hidden">Whether a change counts as unseen, too, when another came between it and every demand.</param>
    internal Omission(List<Operation> operations, bool hidden)
    {
        _hidden = hidden;
        // What operations on several keys can see of each other is not looked into.
        _holdsChanges = KeySearch.TouchesManyKeys(operations);
        _values = new Values(_holdsChanges ? new StoreStates() : null);
        _operations = operations;
        foreach (var operation in operations)
        {
            var move = Move.Of(operation, _values);
            _moves.Add(move);
            if (operation.Outcome == Outcome.Done && move is { IsLook: false, Kind: not (MoveKind.Appends or MoveKind.Runs) })
                _changes.Add((operation.Begin, operation.End));
        }

        _firstEnd = new long[_changes.Count + 1];
        _firstEnd[^1] = Operation.Never;
        for (var i = _changes.Count - 1; i >= 0; i--) _firstEnd[i] = Math.Min(_changes[i].End, _firstEnd[i + 1]);
    }

    /// <summary>Those of a part that can be left out together.</summary>
    internal bool[] Between(int start, int end)
    {
        var omitted = new bool[_operations.Count];
        Array.Fill(omitted, value: true, start, end - start);
        var changed = true;
        while (changed)
        {
            changed = false;
            for (var i = start; i < end; i++)
            {
                if (!omitted[i] || !IsHeld(i, omitted)) continue;
                omitted[i] = false;
                changed = true;
            }
        }

        return omitted;
    }

    private bool IsHeld(int operation, bool[] omitted)
    {
        if (_moves[operation] is not { IsLook: false } change) return false;
        if (_holdsChanges) return true;
        var covered = _hidden ? Covered(_operations[operation].End) : Operation.Never;
        for (var i = 0; i < omitted.Length; i++)
        {
            if (omitted[i] || i == operation || _moves[i] is not { } move) continue;
            var isApart = _operations[i].End < _operations[operation].Begin || _operations[i].Begin > covered;
            if (!isApart && Sees(move, change)) return true;
        }

        return false;
    }

    private bool Sees(Move move, Move change) => move.Kind switch
    {
        MoveKind.Sets => false,
        MoveKind.Appends => true,
        // What an append makes is not known beforehand.
        _ => change.Kind == MoveKind.Appends || move.TryApply(change.Operand, _values, out _),
    };

    /// <summary>The first moment at which something that began after another's end has replaced what that one left.</summary>
    private long Covered(long end)
    {
        var (low, high) = (0, _changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].Begin > end) high = middle;
            else low = middle + 1;
        }

        return _firstEnd[low];
    }
}
