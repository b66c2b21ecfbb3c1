using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Ranges;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Transactions;

/// <summary>
/// What is wrong with a transaction whatever the state, in etcd's order: sizes, then keys and options depth first, both
/// branches, then keys that would be written twice. After it, everything inside can be read without asking again.
/// </summary>
internal readonly ref struct TxnShape<TProbe>(ReadOnlySpan<byte> body, StoreOptions options, TProbe probe)
    where TProbe : struct, IStoreProbe
{
    /// <summary>Transactions inside one another. Going through them recurses, and a stack is not as long as a command may be.</summary>
    internal const int DepthMax = 128;

    private readonly ReadOnlySpan<byte> _body = body;

    /// <summary>
    /// Operations and conditions of all branches together. etcd's rule bounds each list, and lists inside lists multiply: a
    /// single request could keep every member busy for minutes.
    /// </summary>
    internal const int TotalMax = 4096;

    internal StoreError Check()
    {
        var left = TotalMax;
        var error = CheckTxn(_body, options.TxnOperationsMax, depth: 1, ref left);
        if (error != StoreError.None || probe.Plants(StoreMutant.DuplicateKeyAllowed)) return error;
        TxnCommand.TryRead(_body, out var txn);
        var writes = new WrittenKeys(_body);
        return writes.HasDuplicate(txn.Success) || writes.HasDuplicate(txn.Failure) ? StoreError.DuplicateKey : StoreError.None;
    }

    private StoreError CheckTxn(ReadOnlySpan<byte> bytes, int budget, int depth, ref int left)
    {
        if (depth > DepthMax) return StoreError.TooManyOperations;
        if (!TxnCommand.TryRead(bytes, out var txn)) return StoreError.Malformed;
        var size = Math.Max(txn.Compares.Count, Math.Max(txn.Success.Count, txn.Failure.Count));
        if (size > budget) return StoreError.TooManyOperations;
        left -= txn.Compares.Count + txn.Success.Count + txn.Failure.Count;
        if (left < 0) return StoreError.TooManyOperations;
        var error = CheckCompares(txn.Compares);
        if (probe.Plants(StoreMutant.NestedBudgetForgotten)) size = 0;
        if (error == StoreError.None) error = CheckOperations(txn.Success, budget - size, depth, ref left);
        return error == StoreError.None ? CheckOperations(txn.Failure, budget - size, depth, ref left) : error;
    }

    private static StoreError CheckCompares(in OperationList compares)
    {
        var from = new ByteReader(compares.Bytes);
        for (var i = 0; i < compares.Count; i++)
        {
            var clause = CompareClause.Read(ref from);
            if (from.Failed) return StoreError.Malformed;
            if (clause.Key.IsEmpty) return StoreError.KeyNotProvided;
        }

        return from.EndedWell ? StoreError.None : StoreError.Malformed;
    }

    private StoreError CheckOperations(in OperationList list, int budget, int depth, ref int left)
    {
        var reader = list.Read();
        var seen = 0;
        while (reader.MoveNext())
        {
            // The budget believes the count, so nothing beyond it may be looked into.
            if (++seen > list.Count) return StoreError.Malformed;
            var error = CheckOperation(reader.Current, budget, depth, ref left);
            if (error != StoreError.None) return error;
        }

        return reader.Failed || seen != list.Count ? StoreError.Malformed : StoreError.None;
    }

    private StoreError CheckOperation(in Operation operation, int budget, int depth, ref int left)
    {
        switch (operation.Kind)
        {
            case OperationKind.Range:
                if (!RangeQuery.TryRead(operation.Body, out var query)) return StoreError.Malformed;
                return RangeRunner<TProbe>.CheckShape(query);
            case OperationKind.Put:
                return PutCommand.TryRead(operation.Body, out var put) ? PutRules.CheckShape(put) : StoreError.Malformed;
            case OperationKind.Delete:
                if (!DeleteCommand.TryRead(operation.Body, out var delete)) return StoreError.Malformed;
                return delete.Key.IsEmpty ? StoreError.KeyNotProvided : StoreError.None;
            case OperationKind.Txn: return CheckTxn(operation.Body, budget, depth + 1, ref left);
            case OperationKind.None: return StoreError.KeyNotFound;
            default: return StoreError.Malformed;
        }
    }
}
