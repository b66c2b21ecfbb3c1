using Balsa.Simulation.Judging.Histories;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// Looks for an order of the operations of one key, or of keys that are touched together, that explains what clients saw: the
/// search of Wing and Gong with the memory of Lowe. It goes depth first: of the operations that nothing precedes in time it
/// takes one whose demand is met, and turns back when one has returned that could not be taken. The same set of ordered
/// operations with the same value never needs to be tried twice. It runs in slices, so that many keys take turns and the
/// caller can lose patience.
/// </summary>
internal sealed class KeySearch
{
    private readonly Values _values;
    private readonly JudgeMutant _mutant;
    private readonly List<Move> _moves = [];
    private readonly int[] _twin;
    private readonly int _known;
    private readonly Chain _chain;
    private readonly Outlook _outlook;
    private readonly Ordered _ordered;
    private readonly Seen _seen;
    private readonly ulong[] _row;
    private readonly Stack<(int Operation, int State)> _taken = new();
    private int _missing;
    private int _state;
    private int _at;
    private bool _looks = true;

    internal KeySearch(IReadOnlyList<Operation> operations, Room room, JudgeMutant mutant = JudgeMutant.None)
    {
        _mutant = mutant;
        _values = new Values(TouchesManyKeys(operations) ? new StoreStates() : null);
        var (known, open) = (new List<Operation>(), new List<Operation>());
        foreach (var operation in operations)
        {
            if (Move.Of(operation, _values) is not { } move) continue;
            if (operation.Outcome == Outcome.Done) known.Add(operation);
            else if (!move.IsLook && mutant != JudgeMutant.UnknownNeverHappens) open.Add(operation);
        }

        _known = _missing = known.Count;
        List<Operation> all = [.. known, .. open];
        foreach (var operation in all) _moves.Add(Move.Of(operation, _values)!.Value);
        _twin = Twins();
        _chain = new Chain(all, mutant);
        _outlook = new Outlook(_chain, _moves, _values, mutant);
        _ordered = new Ordered(known.Count, open.Count);
        _row = new ulong[_ordered.MostWords];
        _seen = new Seen(room);
        _at = _chain.Next(_chain.Head);
        Verdict = _missing == 0 ? Verdict.Linearizable : Verdict.Unknown;
    }

    /// <summary>Unknown until the search has ended.</summary>
    internal Verdict Verdict { get; private set; }

    internal static bool TouchesManyKeys(IReadOnlyList<Operation> operations)
    {
        foreach (var operation in operations)
        {
            if (operation.Kind is OperationKind.Txn or OperationKind.Range || operation.RangeEnd is not null) return true;
        }

        for (var i = 1; i < operations.Count; i++)
            if (operations[i].Key != operations[0].Key) return true;
        return false;
    }

    internal void Advance(int steps)
    {
        for (; steps > 0 && Verdict == Verdict.Unknown; steps--)
        {
            // While known operations are missing, a return stands in the chain: the walk never comes to its end.
            if (!_chain.IsCall(_at)) ReachReturn();
            else if (_moves[_at].IsLook != _looks || !TryTake(_at)) _at = _chain.Next(_at);
        }

        if (Verdict != Verdict.Unknown) _seen.Forget();
    }

    private bool TryTake(int operation)
    {
        if (_twin[operation] >= 0 && !_ordered.Has(_twin[operation])) return false;
        if (!_moves[operation].TryApply(_state, _values, out var next)) return false;
        // An open operation that changes nothing can as well never happen.
        if (operation >= _known && next == _state) return false;
        if (!_looks && !_outlook.TryLead(ref next)) return false;
        _ordered.Add(operation);
        if (!_looks && !_seen.Add(_ordered.Write(_mutant == JudgeMutant.MemoryWithoutValue ? 0 : next, _row)))
        {
            _ordered.Remove(operation);
            return false;
        }

        _taken.Push((operation, _state));
        _chain.Lift(operation);
        _state = next;
        if (operation < _known && --_missing == 0) Verdict = Verdict.Linearizable;
        _at = _chain.Next(_chain.Head);
        _looks = true;
        return true;
    }

    private void ReachReturn()
    {
        if (_looks)
        {
            // Nothing to look at: now those that change something.
            _looks = false;
            _at = _chain.Next(_chain.Head);
            return;
        }

        while (_taken.TryPop(out var last))
        {
            _chain.Restore(last.Operation);
            _ordered.Remove(last.Operation);
            if (last.Operation < _known) _missing++;
            _state = last.State;
            _at = _chain.Next(last.Operation);
            // A look that was possible had no alternative worth trying.
            if (!_moves[last.Operation].IsLook) return;
        }

        Verdict = Verdict.NotLinearizable;
    }

    /// <summary>
    /// Of open operations that do the same the earlier is taken first: it could stand wherever the later could. This gives each
    /// the one before it, or -1.
    /// </summary>
    private int[] Twins()
    {
        var twins = new int[_moves.Count];
        Array.Fill(twins, -1);
        var newest = new Dictionary<Move, int>();
        for (var i = _known; i < twins.Length; i++)
        {
            if (newest.TryGetValue(_moves[i], out var twin)) twins[i] = twin;
            newest[_moves[i]] = i;
        }

        return twins;
    }
}
