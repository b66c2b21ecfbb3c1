using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>What clients of a true register see: each operation takes effect at one moment between its begin and its end.</summary>
internal static class RandomHistory
{
    public static List<Operation> Of(Dice dice, int count)
    {
        var drafts = new List<(long Moment, Operation Operation)>();
        var time = 0L;
        for (var i = 0; i < count; i++)
        {
            time += dice.Between(1, 6);
            var moment = time + dice.Below(10);
            var operation = Drawn(dice) with { Begin = time, End = moment + dice.Below(10), Line = i };
            drafts.Add((dice.Chance(60) ? moment + dice.Below(100) : moment, operation));
        }

        string? value = null;
        var told = new List<Operation>();
        // Equal moments in a fixed order: the draws must mean the same everywhere.
        foreach (var (moment, operation) in drafts.OrderBy(draft => draft.Moment).ThenBy(draft => draft.Operation.Line))
        {
            if (dice.Chance(50))
            {
                told.Add(operation with { Outcome = Outcome.NotDone });
                continue;
            }

            var happened = Happen(operation, ref value);
            told.Add(moment > operation.End || dice.Chance(100) ? happened.Unknown() : happened);
        }

        return [.. told.OrderBy(operation => operation.Line)];
    }

    /// <summary>One answer, outcome or time is another.</summary>
    public static List<Operation> Mutated(List<Operation> operations, Dice dice)
    {
        var mutated = new List<Operation>(operations);
        var place = dice.Below(mutated.Count);
        var chosen = mutated[place];
        mutated[place] = dice.Below(4) switch
        {
            0 => chosen with { Found = AnyValue(dice) },
            1 => chosen with { Met = chosen.Met is null ? null : !chosen.Met },
            2 => chosen with { Outcome = chosen.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.NotDone },
            _ => chosen with { End = chosen.Outcome == Outcome.Unknown ? Operation.Never : chosen.Begin },
        };
        return mutated;
    }

    private static Operation Drawn(Dice dice)
    {
        var kind = dice.OneOf(
            OperationKind.Get, OperationKind.Get, OperationKind.Get, OperationKind.Put, OperationKind.Append, OperationKind.Delete,
            OperationKind.Replace, OperationKind.Swap);
        var operation = new Operation { Client = "c", Kind = kind, Begin = 0, Value = dice.OneOf("a", "b", "c") };
        return kind == OperationKind.Swap ? operation with { Expected = AnyValue(dice) } : operation;
    }

    private static string? AnyValue(Dice dice) => dice.OneOf<string?>("a", "b", "c", null);

    private static Operation Happen(Operation operation, ref string? value)
    {
        var before = value;
        var met = operation.Kind == OperationKind.Swap ? before == operation.Expected : before is not null;
        var done = operation with { Outcome = Outcome.Done };
        switch (operation.Kind)
        {
            case OperationKind.Get:
                return done with { Found = before };
            case OperationKind.Put:
                value = operation.Value;
                return done;
            case OperationKind.Append:
                value = before + operation.Value;
                return done;
            case OperationKind.Delete:
                value = null;
                return done with { Met = met };
            default:
                if (met) value = operation.Value;
                return done with { Met = met };
        }
    }
}
