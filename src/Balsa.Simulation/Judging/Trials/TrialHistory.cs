using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>What clients of a true store see: each operation takes effect at one moment between its begin and its end.</summary>
internal static class TrialHistory
{
    internal static List<Operation> Of(Dice dice, TrialKind kind, int count)
    {
        var drafts = new List<(long Moment, Operation Operation)>();
        var time = 0L;
        var pace = dice.OneOf(1, 3, 5, 10);
        for (var i = 0; i < count; i++)
        {
            time += dice.Between(1, 6);
            var moment = time + dice.Below(pace);
            var operation = TrialScript.Draw(dice, kind) with { Begin = time, End = moment + dice.Below(pace), Line = i };
            drafts.Add((dice.Chance(60) ? moment + dice.Below(100) : moment, operation));
        }

        // Equal moments in a fixed order: the draws must mean the same everywhere.
        drafts.Sort((one, other) => (one.Moment, one.Operation.Line).CompareTo((other.Moment, other.Operation.Line)));
        var stores = new List<TrialStore> { TrialStore.Empty };
        var told = new List<Operation>();
        foreach (var (moment, operation) in drafts)
        {
            if (dice.Chance(50))
            {
                told.Add(operation with { Outcome = Outcome.NotDone });
                continue;
            }

            var seen = operation.IsStale ? stores[dice.Below(stores.Count)] : stores[^1];
            var next = seen.Run(operation, out var answer);
            if (!operation.IsStale) stores.Add(next);
            var isLost = moment > operation.End || dice.Chance(IsChange(operation) && kind == TrialKind.Doubtful ? 600 : 120);
            var withRevisions = kind is TrialKind.Revisions or TrialKind.Doubtful;
            told.Add(isLost ? operation with { End = Operation.Never } : Tell(operation, answer, dice, withRevisions));
        }

        told.Sort((one, other) => one.Line.CompareTo(other.Line));
        return told;
    }

    /// <summary>One answer, outcome or time is another.</summary>
    internal static List<Operation> Mutated(List<Operation> operations, Dice dice)
    {
        var mutated = new List<Operation>(operations);
        var place = dice.Below(mutated.Count);
        var chosen = mutated[place];
        var isDone = chosen.Outcome == Outcome.Done;
        mutated[place] = dice.Below(6) switch
        {
            0 when isDone && chosen.Kind == OperationKind.Get => chosen with { Found = dice.OneOf<string?>("x", "y", "z", null) },
            1 when isDone && chosen.Met is not null => chosen with { Met = !chosen.Met },
            2 when isDone => chosen with { Outcome = Outcome.NotDone },
            3 when isDone => chosen with { End = chosen.Begin },
            4 when isDone && chosen.Revision is not null => chosen with { Revision = dice.Between(1, 5) },
            5 when isDone && chosen.Modified is not null => chosen with { Modified = dice.Between(0, 4) },
            _ when isDone => chosen with { Begin = dice.Between(chosen.Begin, chosen.End) },
            _ => chosen with { Begin = chosen.Begin + 10, End = Operation.Never },
        };
        return mutated;
    }

    private static bool IsChange(Operation operation) => operation.Kind is not (OperationKind.Get or OperationKind.Range);

    private static Operation Tell(Operation asked, TrialAnswer answer, Dice dice, bool withRevisions)
    {
        var told = asked with { Outcome = Outcome.Done, Revision = withRevisions ? answer.Revision : null };
        var tellsModified = withRevisions && dice.Chance(700);
        switch (asked.Kind)
        {
            case OperationKind.Get:
                return told with { Found = answer.Found, Modified = tellsModified ? answer.Modified : null };
            case OperationKind.Range:
                return told with { Items = Plain(answer.Items!, tellsModified) };
            case OperationKind.Delete:
                return dice.Chance(300) ? told : told with { Met = answer.Met };
            case OperationKind.PutIf when tellsModified && !answer.Met:
                return told with { Met = answer.Met, Found = answer.Found, Modified = answer.Modified };
            case OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf:
                return told with { Met = answer.Met };
            case OperationKind.Txn when answer.Met:
                return told with { Met = true, Then = TellParts(asked.Then, answer.Parts!, tellsModified) };
            case OperationKind.Txn:
                return told with { Met = false, Else = TellParts(asked.Else, answer.Parts!, tellsModified) };
            default:
                return told;
        }
    }

    private static List<Part> TellParts(IReadOnlyList<Part> parts, List<TrialAnswer> answers, bool tellsModified)
    {
        var told = new List<Part>();
        for (var i = 0; i < parts.Count; i++)
        {
            told.Add(parts[i].Kind switch
            {
                OperationKind.Get => parts[i] with { Found = answers[i].Found, Modified = tellsModified ? answers[i].Modified : null },
                OperationKind.Range => parts[i] with { Items = Plain(answers[i].Items!, tellsModified) },
                OperationKind.Delete => parts[i] with { Met = answers[i].Met },
                _ => parts[i],
            });
        }

        return told;
    }

    private static IReadOnlyList<Item> Plain(IReadOnlyList<Item> items, bool tellsModified)
    {
        if (tellsModified) return items;
        var plain = new List<Item>();
        foreach (var item in items) plain.Add(item with { Modified = null });
        return plain;
    }
}
