using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Simulation.Stores.Requests;

/// <summary>
/// Takes a transaction apart, depth first, and names the first thing that is wrong with it whatever the state: sizes of a
/// level, then its conditions, then its operations, success before failure.
/// </summary>
internal static class TxnParser
{
    internal static StoreError Parse(ReadOnlySpan<byte> body, int budget, out PlainTxn txn)
    {
        txn = new PlainTxn([], [], []);
        if (!TxnCommand.TryRead(body, out var command)) return StoreError.Malformed;
        var size = Math.Max(command.Compares.Count, Math.Max(command.Success.Count, command.Failure.Count));
        if (size > budget) return StoreError.TooManyOperations;
        List<PlainCompare> compares = [];
        List<PlainOperation> success = [], failure = [];
        txn = new PlainTxn(compares, success, failure);
        var error = Compares(command.Compares, compares);
        if (error == StoreError.None) error = Operations(command.Success, budget - size, success);
        return error == StoreError.None ? Operations(command.Failure, budget - size, failure) : error;
    }

    /// <summary>What is wrong with one operation, or a command of its shape.</summary>
    internal static StoreError Shape(PlainOperation operation) => operation switch
    {
        PlainPut put => Put(put),
        PlainDelete delete => delete.Key.Length == 0 ? StoreError.KeyNotProvided : StoreError.None,
        PlainRange range => Range(range),
        PlainUnset { Unset: OperationKind.None } => StoreError.KeyNotFound,
        PlainUnset => StoreError.Malformed,
        _ => StoreError.None,
    };

    private static StoreError Compares(in OperationList list, List<PlainCompare> into)
    {
        var from = new ByteReader(list.Bytes);
        for (var i = 0; i < list.Count; i++)
        {
            var clause = CompareClause.Read(ref from);
            if (from.Failed) return StoreError.Malformed;
            into.Add(PlainCompare.Of(clause));
            if (clause.Key.IsEmpty) return StoreError.KeyNotProvided;
        }

        return from.EndedWell ? StoreError.None : StoreError.Malformed;
    }

    private static StoreError Operations(in OperationList list, int budget, List<PlainOperation> into)
    {
        var reader = list.Read();
        while (reader.MoveNext())
        {
            var error = One(reader.Current, budget, out var operation);
            into.Add(operation);
            if (error == StoreError.None) error = Shape(operation);
            if (error != StoreError.None) return error;
        }

        return reader.Failed || into.Count != list.Count ? StoreError.Malformed : StoreError.None;
    }

    private static StoreError One(in Operation operation, int budget, out PlainOperation plain)
    {
        plain = new PlainUnset(operation.Kind);
        switch (operation.Kind)
        {
            case OperationKind.Range when RangeQuery.TryRead(operation.Body, out var query): plain = PlainRange.Of(query); break;
            case OperationKind.Put when PutCommand.TryRead(operation.Body, out var put): plain = PlainPut.Of(put); break;
            case OperationKind.Delete when DeleteCommand.TryRead(operation.Body, out var delete): plain = PlainDelete.Of(delete); break;
            case OperationKind.Txn:
                var error = Parse(operation.Body, budget, out var txn);
                plain = txn;
                return error;
            default: break;
        }

        return StoreError.None;
    }

    private static StoreError Put(PlainPut put)
    {
        if (put.Key.Length == 0) return StoreError.KeyNotProvided;
        if (put.Has(PutOptions.KeepValue) && put.Value.Length > 0) return StoreError.ValueProvided;
        return put.Has(PutOptions.KeepLease) && put.Lease != 0 ? StoreError.LeaseProvided : StoreError.None;
    }

    private static StoreError Range(PlainRange range)
    {
        if (range.Key.Length == 0) return StoreError.KeyNotProvided;
        var isKnownOrder = range.Order is SortOrder.None or SortOrder.Ascending or SortOrder.Descending;
        return isKnownOrder && !Enum.IsDefined(range.Target) ? StoreError.InvalidSort : StoreError.None;
    }
}
