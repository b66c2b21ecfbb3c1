using Balsa.KeyValue.Commands;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Model;
using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Scripts;

/// <summary>Invents transactions: small ones of everything, nested ones, and ones at the limits of their size.</summary>
internal sealed class TxnScript(Dice dice, RequestScript requests, NaiveStore model, int operationsMax)
{
    internal PlainTxn Txn() => dice.Chance(40) ? AtTheLimit() : Txn(depth: 0, isReader: false);

    internal PlainTxn Reader() => Txn(depth: 0, isReader: true);

    private PlainTxn Txn(int depth, bool isReader)
    {
        var compares = Many(dice.OneOf(0, 1, 1, 2), requests.Compare);
        var success = Many(Size(depth), () => Operation(depth, isReader));
        return new PlainTxn(compares, success, Many(Size(depth), () => Operation(depth, isReader)));
    }

    private int Size(int depth) => dice.Chance(100) ? 0 : dice.Between(1, depth == 0 ? 4 : 2);

    private PlainOperation Operation(int depth, bool isReader)
    {
        var draw = dice.Below(1000);
        if (draw < 150 && depth < 3) return Txn(depth + 1, isReader);
        if (draw < 400 || isReader) return requests.Range(model.Revision, model.Compacted) with { Revision = RareRevision() };
        if (draw < 402) return new PlainUnset(OperationKind.None);
        if (draw < 403) return new PlainUnset((OperationKind)9);
        return draw < 600 ? requests.Delete() : requests.Put();
    }

    /// <summary>Any wrong revision refuses the whole transaction, so most ask for the newest.</summary>
    private long RareRevision() => dice.Chance(150) ? requests.Revision(model.Revision, model.Compacted) : 0;

    /// <summary>One list of about as many as are allowed, or a nested one of about the rest.</summary>
    private PlainTxn AtTheLimit()
    {
        var size = Math.Max(0, operationsMax + dice.Between(-2, 1));
        var outer = dice.Between(1, 3);
        PlainTxn full = dice.Below(3) switch
        {
            0 => new PlainTxn(Many(size, requests.Compare), [requests.Put()], [requests.Delete()]),
            1 => new PlainTxn([], Many(size, Cheap), []),
            _ => new PlainTxn([], [], Many(size, Cheap)),
        };
        if (dice.Chance(500)) return full;
        size = Math.Max(0, operationsMax - outer + dice.Between(-1, 1));
        var nested = new PlainTxn([], Many(size, Cheap), []);
        List<PlainOperation> list = [nested, .. Many(outer - 1, Cheap)];
        return dice.Chance(500) ? new PlainTxn([], list, []) : new PlainTxn([], [], list);
    }

    private PlainOperation Cheap() => dice.Chance(500)
        ? new PlainRange(requests.Key() is { Length: > 0 } key ? key : [1], []) { Options = RangeOptions.CountOnly }
        : new PlainDelete(requests.Key(), [], false);

    private static List<T> Many<T>(int count, Func<T> make)
    {
        var list = new List<T>(count);
        for (var i = 0; i < count; i++) list.Add(make());
        return list;
    }
}
