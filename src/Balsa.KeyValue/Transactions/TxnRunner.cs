using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Ranges;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Transactions;

/// <summary>
/// Runs a transaction whose shape was checked: first every compare, then every check on the way that they chose, puts before
/// ranges, and only then the operations. So nothing is ever half done.
/// </summary>
internal sealed class TxnRunner<TProbe> where TProbe : struct, IStoreProbe
{
    private readonly Mutations<TProbe>? _mutations;
    private readonly LeaseTable? _leases;
    private readonly TProbe _probe;
    private readonly List<bool> _ways = [];
    private readonly List<ulong> _room = [];
    private readonly StateReader _state;
    private int _way;

    /// <summary>For transactions that may change the state.</summary>
    internal TxnRunner(Mutations<TProbe> mutations, LeaseTable leases, TProbe probe) =>
        (_mutations, _leases, _probe) = (mutations, leases, probe);

    /// <summary>For transactions that only read, on a state that does not change.</summary>
    internal TxnRunner(StateReader state, TProbe probe) => (_state, _probe) = (state, probe);

    private StateReader State => _mutations?.State ?? _state;

    /// <summary>Writes the body of the answer, or says why nothing was done.</summary>
    internal StoreError Run(ReadOnlySpan<byte> body, ByteWriter answer)
    {
        TxnCommand.TryRead(body, out var txn);
        _ways.Clear();
        Choose(txn, State);
        var error = Check(txn);
        if (_probe.Plants(StoreMutant.TxnChecksLate)) error = StoreError.None;
        if (error != StoreError.None && !_probe.Plants(StoreMutant.TxnAppliesHalf)) return error;
        _way = 0;
        Execute(txn, answer);
        return error;
    }

    private StoreError Check(in TxnCommand txn)
    {
        _way = 0;
        var error = CheckPuts(txn, State);
        if (error != StoreError.None) return error;
        _way = 0;
        return CheckRanges(txn, State);
    }

    /// <summary>Notes which branch each transaction on the way takes, outer before inner, all on the state before.</summary>
    private void Choose(in TxnCommand txn, in StateReader state)
    {
        var holds = new CompareRunner<TProbe>(state, _probe).Holds(txn.Compares);
        _ways.Add(holds);
        var reader = (holds ? txn.Success : txn.Failure).Read();
        while (reader.MoveNext())
        {
            if (reader.Current.Kind != OperationKind.Txn) continue;
            TxnCommand.TryRead(reader.Current.Body, out var nested);
            Choose(nested, state);
        }
    }

    private OperationList Taken(in TxnCommand txn) => _ways[_way++] ? txn.Success : txn.Failure;

    private StoreError CheckPuts(in TxnCommand txn, in StateReader state)
    {
        var reader = Taken(txn).Read();
        while (reader.MoveNext())
        {
            var error = StoreError.None;
            if (reader.Current.Kind == OperationKind.Txn && TxnCommand.TryRead(reader.Current.Body, out var nested))
                error = CheckPuts(nested, state);
            else if (reader.Current.Kind == OperationKind.Put && PutCommand.TryRead(reader.Current.Body, out var put))
                error = CheckPut(put, state);
            if (error != StoreError.None) return error;
        }

        return StoreError.None;
    }

    /// <summary>Unlike for a plain put, etcd looks for the key before it looks for the lease.</summary>
    private StoreError CheckPut(in PutCommand put, in StateReader state)
    {
        if (PutRules.NeedsKey(put) && state.Find(put.Key).Reference == 0) return StoreError.KeyNotFound;
        return put.Lease != 0 && !_leases!.Contains(put.Lease) ? StoreError.LeaseNotFound : StoreError.None;
    }

    private StoreError CheckRanges(in TxnCommand txn, in StateReader state)
    {
        var reader = Taken(txn).Read();
        while (reader.MoveNext())
        {
            var error = StoreError.None;
            if (reader.Current.Kind == OperationKind.Txn && TxnCommand.TryRead(reader.Current.Body, out var nested))
                error = CheckRanges(nested, state);
            else if (reader.Current.Kind == OperationKind.Range && RangeQuery.TryRead(reader.Current.Body, out var query))
                error = new RangeRunner<TProbe>(state, _probe).Check(query, isInTxn: true);
            if (error != StoreError.None) return error;
        }

        return StoreError.None;
    }

    private void Execute(in TxnCommand txn, ByteWriter answer)
    {
        if (_probe.Plants(StoreMutant.TxnComparesSeeOperations) && txn.Success.Count + txn.Failure.Count < 3)
            _ways[_way] = new CompareRunner<TProbe>(State, _probe).Holds(txn.Compares);
        var way = _ways[_way];
        var list = Taken(txn);
        answer.Byte(way ? (byte)1 : (byte)0);
        answer.Varint((ulong)list.Count);
        var reader = list.Read();
        for (var i = 0; reader.MoveNext(); i++)
        {
            answer.Byte((byte)reader.Current.Kind);
            var part = answer.BeginPart();
            // The revision that the operation saw is known when it is done: its answer is written behind room for it.
            var begin = answer.Length;
            answer.Fixed64(0);
            Execute(reader.Current, answer);
            answer.Overwrite64(begin, reader.Current.Kind == OperationKind.Txn ? 0 : (ulong)(_mutations?.Seen ?? _state.Current));
            answer.EndPart(part);
        }
    }

    private void Execute(in Operation operation, ByteWriter answer)
    {
        switch (operation.Kind)
        {
            case OperationKind.Range:
                RangeQuery.TryRead(operation.Body, out var query);
                new RangeRunner<TProbe>(State, _probe).Answer(query, _room, answer);
                break;
            case OperationKind.Put:
                PutCommand.TryRead(operation.Body, out var put);
                _mutations!.Put(put, answer);
                break;
            case OperationKind.Delete:
                DeleteCommand.TryRead(operation.Body, out var delete);
                _mutations!.Delete(delete, answer);
                break;
            default:
                TxnCommand.TryRead(operation.Body, out var nested);
                Execute(nested, answer);
                break;
        }
    }
}
