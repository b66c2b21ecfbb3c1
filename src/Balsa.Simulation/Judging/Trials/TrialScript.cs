using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Judging.Trials;

/// <summary>Draws what clients ask for.</summary>
internal static class TrialScript
{
    internal static Operation Draw(Dice dice, TrialKind kind) => kind switch
    {
        TrialKind.Register => DrawKeyed(dice, withRevisions: false) with { Key = TrialStore.First },
        TrialKind.Doubtful => dice.Chance(200) ? DrawRange(dice) : DrawKeyed(dice, withRevisions: true),
        _ => dice.Below(10) switch
        {
            < 2 => DrawTxn(dice, kind == TrialKind.Revisions),
            2 => DrawRange(dice) with { IsStale = dice.Chance(200) },
            3 when kind == TrialKind.Revisions => DrawRange(dice) with { Kind = OperationKind.Delete, Limit = 0 },
            _ => DrawKeyed(dice, kind == TrialKind.Revisions),
        },
    };

    private static Operation DrawKeyed(Dice dice, bool withRevisions)
    {
        var kind = dice.OneOf(
            OperationKind.Get, OperationKind.Get, OperationKind.Get, OperationKind.Put, OperationKind.Put, OperationKind.Append,
            OperationKind.Delete, OperationKind.Replace, OperationKind.Swap, withRevisions ? OperationKind.PutIf : OperationKind.Get);
        var operation = Bare(kind) with { Key = Key(dice), IsStale = kind == OperationKind.Get && dice.Chance(150) };
        if (kind is not (OperationKind.Get or OperationKind.Delete)) operation = operation with { Value = Value(dice) };
        return kind switch
        {
            OperationKind.Swap => operation with { Expected = dice.Chance(250) ? null : Value(dice) },
            OperationKind.PutIf => operation with { IfRevision = dice.Chance(400) ? 0 : dice.Between(1, 4) },
            _ => operation,
        };
    }

    private static Operation DrawRange(Dice dice) => Bare(OperationKind.Range) with
    {
        Key = Key(dice), RangeEnd = dice.OneOf("", "b", "c"), Limit = dice.Chance(200) ? 1 : 0,
    };

    private static Operation DrawTxn(Dice dice, bool withRevisions) => Bare(OperationKind.Txn) with
    {
        Compares = DrawMany(dice, 2, () => DrawCompare(dice, withRevisions)),
        Then = DrawMany(dice, 2, () => DrawPart(dice)),
        Else = DrawMany(dice, 1, () => DrawPart(dice)),
    };

    private static List<T> DrawMany<T>(Dice dice, int most, Func<T> draw)
    {
        var drawn = new List<T>();
        for (var count = dice.Between(0, most); count > 0; count--) drawn.Add(draw());
        return drawn;
    }

    private static Compare DrawCompare(Dice dice, bool withRevisions)
    {
        var sign = dice.OneOf<int?>(0, null, -1, 1);
        if (dice.Chance(500)) return new Compare(Key(dice), CompareTarget.Value, sign, Value(dice), 0);
        var target = dice.OneOf(CompareTarget.Created, CompareTarget.Modified, CompareTarget.Version);
        return withRevisions
            ? new Compare(Key(dice), target, sign, null, dice.Between(0, 4))
            : new Compare(Key(dice), target, dice.OneOf<int?>(0, null, 1), null, 0);
    }

    private static Part DrawPart(Dice dice)
    {
        var kind = dice.OneOf(OperationKind.Get, OperationKind.Put, OperationKind.Delete, OperationKind.Range, OperationKind.Append);
        var part = new Part { Kind = kind, Key = Key(dice) };
        if (kind is OperationKind.Put or OperationKind.Append) return part with { Value = Value(dice) };
        var isWide = kind == OperationKind.Range || (kind == OperationKind.Delete && dice.Chance(300));
        return isWide ? part with { End = dice.OneOf("", "b", "c") } : part;
    }

    private static Operation Bare(OperationKind kind) => new() { Client = "c", Kind = kind, Begin = 0 };

    private static string Key(Dice dice) => dice.OneOf(TrialStore.First, TrialStore.Second);

    private static string Value(Dice dice) => dice.OneOf("x", "y", "z");
}
