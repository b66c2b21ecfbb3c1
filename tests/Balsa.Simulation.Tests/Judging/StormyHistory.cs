using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>
/// What clients of a true store see when its leader dies once a round: a dozen writes without an answer, of which some take
/// effect, some of these much later, and many are overwritten before anybody looks. Keys change with the round.
/// </summary>
internal sealed class StormyHistory
{
    private const int CallsARound = 200, WritesAStorm = 12, Keys = 4;
    private readonly Dice _dice;
    private readonly SortedDictionary<string, Item> _store = new(StringComparer.Ordinal);
    private readonly List<Operation> _late = [];
    private readonly int _round;
    private long _time;
    private long _revision = History.FirstRevision;

    internal StormyHistory(ulong seed, int rounds, bool isReadAtTheEnd)
    {
        _dice = new Dice(seed);
        for (; _round < rounds; _round++)
        {
            for (var i = 0; i < CallsARound; i++) Call();
            Storm();
        }

        for (var i = 0; i < CallsARound; i++) Call();
        if (isReadAtTheEnd) Operations.Add(Run(Draw(OperationKind.Range) with { Key = "hot", RangeEnd = "i" }));
    }

    internal List<Operation> Operations { get; } = [];

    private void Call()
    {
        if (_late.Count > 0 && _dice.Chance(20))
        {
            Run(_late[^1]);
            _late.RemoveAt(_late.Count - 1);
        }

        Operations.Add(Run(Draw(_dice.OneOf(
            OperationKind.Get, OperationKind.Get, OperationKind.Put, OperationKind.Put, OperationKind.PutIf, OperationKind.Delete))));
    }

    private void Storm()
    {
        var writes = new List<Operation>();
        for (var i = 0; i < WritesAStorm; i++)
            writes.Add(Draw(_dice.OneOf(OperationKind.Put, OperationKind.Put, OperationKind.PutIf, OperationKind.Delete)).Unknown());
        Operations.AddRange(writes);
        for (var i = writes.Count - 1; i > 0; i--)
        {
            var other = _dice.Below(i + 1);
            (writes[i], writes[other]) = (writes[other], writes[i]);
        }

        foreach (var write in writes)
        {
            if (_dice.Chance(500)) Run(write);
            else if (_dice.Chance(200)) _late.Add(write);
        }
    }

    private Operation Draw(OperationKind kind)
    {
        var key = $"hot/{_round}/{_dice.Below(Keys)}";
        _time += 10;
        return new Operation
        {
            Client = "c", Kind = kind, Key = key, Begin = _time, End = _time + 5, Line = Operations.Count, Outcome = Outcome.Done,
            Value = kind is OperationKind.Put or OperationKind.PutIf ? $"{_time}" : null,
            IfRevision = kind == OperationKind.PutIf && _dice.Chance(700) ? _store.GetValueOrDefault(key)?.Modified ?? 0 : 0,
        };
    }

    private Operation Run(Operation asked)
    {
        var there = _store.GetValueOrDefault(asked.Key);
        var told = asked;
        switch (asked.Kind)
        {
            case OperationKind.Get:
                told = asked with { Found = there?.Value, Modified = there?.Modified ?? 0 };
                break;
            case OperationKind.Range:
                told = asked with { Items = [.. _store.Values] };
                break;
            case OperationKind.Delete:
                told = asked with { Met = there is not null };
                if (_store.Remove(asked.Key)) _revision++;
                break;
            default:
                var isMet = asked.Kind == OperationKind.Put || (there?.Modified ?? 0) == asked.IfRevision;
                told = asked with { Met = isMet };
                if (isMet) _store[asked.Key] = new Item(asked.Key, asked.Value!, ++_revision);
                break;
        }

        return told with { Revision = _revision };
    }
}
