using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Replaying;

namespace Balsa.Simulation.Judging.Searching;

/// <summary>An operation as the search sees it: numbers for values, zero for none.</summary>
internal readonly record struct Move(MoveKind Kind, int Operand, int Expected = 0)
{
    /// <summary>It changes nothing, so taking it as soon as its demand is met never spoils what comes later.</summary>
    internal bool IsLook => Kind is MoveKind.Sees or MoveKind.SeesOther or MoveKind.LooksAround;

    /// <summary>
    /// Null for an operation that says nothing: one without effect whose answer nobody got. A condition of an unknown
    /// outcome needs no move for "was not met": the operation is then left out, which unknown ones may be.
    /// </summary>
    internal static Move? Of(Operation operation, Values values)
    {
        if (operation.Outcome == Outcome.NotDone) return null;
        var isKnown = operation.Outcome == Outcome.Done;
        if (values.States is not null) return OfMany(operation, isKnown, values.States);
        var value = values.Number(operation.Value);
        var isMet = !isKnown || operation.Met != false;
        return operation.Kind switch
        {
            OperationKind.Get => isKnown ? new Move(MoveKind.Sees, values.Number(operation.Found)) : null,
            OperationKind.Put => new Move(MoveKind.Sets, value),
            OperationKind.Append => new Move(MoveKind.Appends, value),
            OperationKind.Delete when isKnown && operation.Met == true => new Move(MoveKind.SwapsOther, 0),
            OperationKind.Delete => isMet ? new Move(MoveKind.Sets, 0) : new Move(MoveKind.Sees, 0),
            OperationKind.Replace => isMet ? new Move(MoveKind.SwapsOther, value) : new Move(MoveKind.Sees, 0),
            _ => Swap(value, values.Number(operation.Expected), isMet),
        };
    }

    /// <summary>False when the value does not meet the demand.</summary>
    internal bool TryApply(int state, Values values, out int next)
    {
        if (Kind is MoveKind.Runs or MoveKind.LooksAround) return values.States!.TryRun(Operand, state, out next);
        next = Kind switch
        {
            MoveKind.Sees or MoveKind.SeesOther => state,
            MoveKind.Appends => values.Joined(state, Operand),
            _ => Operand,
        };
        return Kind switch
        {
            MoveKind.Sees => state == Operand,
            MoveKind.SeesOther => state != Operand,
            MoveKind.Swaps => state == Expected,
            MoveKind.SwapsOther => state != Expected,
            _ => true,
        };
    }

    private static Move? OfMany(Operation operation, bool isKnown, StoreStates states)
    {
        if (Effects.CanChange(operation)) return new Move(MoveKind.Runs, states.Number(operation));
        return isKnown ? new Move(MoveKind.LooksAround, states.Number(operation)) : null;
    }

    private static Move Swap(int value, int expected, bool isMet)
    {
        if (!isMet) return new Move(MoveKind.SeesOther, expected);
        return value == expected ? new Move(MoveKind.Sees, value) : new Move(MoveKind.Swaps, value, expected);
    }
}
