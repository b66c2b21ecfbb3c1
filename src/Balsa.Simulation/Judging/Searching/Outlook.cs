namespace Balsa.Simulation.Judging.Searching;

/// <summary>
/// Looks ahead to the next read that must still be explained. What is there now has to lead to what it saw: by itself, by
/// appends, or from something that can be set before. This keeps the search from ordering appends in ways that no read saw.
/// </summary>
internal sealed class Outlook(Chain chain, IReadOnlyList<Move> moves, Values values, JudgeMutant mutant)
{
    private readonly List<int> _set = [];
    private readonly List<int> _seen = [];
    private bool _hasAppends;
    private bool _hasConditions;

    /// <summary>False when no order of what may come before the next read turns the value into what that read saw.</summary>
    /// <param name="state">The value; what nobody can see any more becomes the one value that stands for all of these.</param>
    internal bool TryLead(ref int state)
    {
        var next = Walk();
        if (next >= 0 && !Leads(state, next) && !_set.Exists(value => Leads(value, next))) return false;
        var value = state;
        if (!_hasConditions && !_seen.Exists(seen => Leads(value, seen))) state = Values.Unseen;
        return true;
    }

    /// <summary>Collects what can come before the end of the next read, and returns what that read saw, or -1.</summary>
    private int Walk()
    {
        _set.Clear();
        _seen.Clear();
        (_hasAppends, _hasConditions) = (false, false);
        for (var at = chain.Next(chain.Head); at != chain.Head; at = chain.Next(at))
        {
            var isCall = chain.IsCall(at);
            var move = moves[isCall ? at : at - moves.Count];
            if (isCall) Note(move);
            else if (move.Kind == MoveKind.Sees) return move.Operand;
        }

        return -1;
    }

    private void Note(Move move)
    {
        switch (move.Kind)
        {
            case MoveKind.Sees:
                _seen.Add(move.Operand);
                break;
            case MoveKind.Appends:
                _hasAppends = true;
                break;
            case MoveKind.Sets:
                if (mutant != JudgeMutant.OutlookIgnoresSets) _set.Add(move.Operand);
                break;
            default:
                // Its demand can see the value, too.
                _hasConditions = true;
                if (!move.IsLook) _set.Add(move.Operand);
                break;
        }
    }

    private bool Leads(int value, int seen) => value == seen || (_hasAppends && values.IsBeginning(value, seen));
}
