using Balsa.KeyValue.Commands;
using Balsa.Protocol.Etcd;

namespace Balsa.Server.Etcd;

/// <summary>From the messages of clients to queries and commands of the store.</summary>
internal static class Requests
{
    internal static RangeQuery QueryOf(RangeRequest request) => new()
    {
        Key = request.Key.Span, End = request.RangeEnd.Span, Limit = request.Limit, Revision = request.Revision,
        Order = (SortOrder)Narrow((int)request.SortOrder), Target = (SortTarget)Narrow((int)request.SortTarget),
        Options = (request.KeysOnly ? RangeOptions.KeysOnly : RangeOptions.None)
            | (request.CountOnly ? RangeOptions.CountOnly : RangeOptions.None)
            | (request.Serializable ? RangeOptions.Serializable : RangeOptions.None),
        ModifiedMin = request.MinModRevision, ModifiedMax = request.MaxModRevision,
        CreatedMin = request.MinCreateRevision, CreatedMax = request.MaxCreateRevision,
    };

    internal static PutCommand PutOf(PutRequest request) => new()
    {
        Key = request.Key.Span, Value = request.Value.Span, Lease = request.Lease,
        Options = (request.PrevKv ? PutOptions.ReturnPrevious : PutOptions.None)
            | (request.IgnoreValue ? PutOptions.KeepValue : PutOptions.None)
            | (request.IgnoreLease ? PutOptions.KeepLease : PutOptions.None),
    };

    internal static DeleteCommand DeleteOf(DeleteRangeRequest request) =>
        new() { Key = request.Key.Span, End = request.RangeEnd.Span, ReturnPrevious = request.PrevKv };

    /// <summary>Recursion is bounded by what the parser of messages takes.</summary>
    internal static TxnBuilder TxnOf(TxnRequest request)
    {
        var txn = new TxnBuilder();
        foreach (var compare in request.Compare) txn.If(ClauseOf(compare));
        foreach (var operation in request.Success) AddThen(txn, operation);
        foreach (var operation in request.Failure) AddElse(txn, operation);
        return txn;
    }

    /// <summary>As etcd judges it: only then may a member answer alone.</summary>
    internal static bool IsSerializable(TxnRequest request) =>
        request.Success.Concat(request.Failure).All(operation => operation.RequestRange is { Serializable: true });

    private static CompareClause ClauseOf(Compare compare) => new()
    {
        Key = compare.Key.Span, End = compare.RangeEnd.Span, Result = (CompareResult)Narrow((int)compare.Result),
        Target = (CompareTarget)Narrow((int)compare.Target), Value = compare.Value.Span,
        // Of a union that holds something else than the target asks for, nothing is read.
        Number = compare.Target switch
        {
            Compare.Types.CompareTarget.Version => compare.Version,
            Compare.Types.CompareTarget.Create => compare.CreateRevision,
            Compare.Types.CompareTarget.Mod => compare.ModRevision,
            Compare.Types.CompareTarget.Lease => compare.Lease,
            _ => 0,
        },
    };

    private static void AddThen(TxnBuilder txn, RequestOp operation)
    {
        switch (operation.RequestCase)
        {
            case RequestOp.RequestOneofCase.RequestRange: txn.Then(QueryOf(operation.RequestRange)); break;
            case RequestOp.RequestOneofCase.RequestPut: txn.Then(PutOf(operation.RequestPut)); break;
            case RequestOp.RequestOneofCase.RequestDeleteRange: txn.Then(DeleteOf(operation.RequestDeleteRange)); break;
            case RequestOp.RequestOneofCase.RequestTxn: txn.Then(TxnOf(operation.RequestTxn)); break;
            default: txn.Then(OperationKind.None, default); break;
        }
    }

    private static void AddElse(TxnBuilder txn, RequestOp operation)
    {
        switch (operation.RequestCase)
        {
            case RequestOp.RequestOneofCase.RequestRange: txn.Else(QueryOf(operation.RequestRange)); break;
            case RequestOp.RequestOneofCase.RequestPut: txn.Else(PutOf(operation.RequestPut)); break;
            case RequestOp.RequestOneofCase.RequestDeleteRange: txn.Else(DeleteOf(operation.RequestDeleteRange)); break;
            case RequestOp.RequestOneofCase.RequestTxn: txn.Else(TxnOf(operation.RequestTxn)); break;
            default: txn.Else(OperationKind.None, default); break;
        }
    }

    /// <summary>Unknown values of an enumeration stay unknown: 256 must not come out as 0.</summary>
    private static byte Narrow(int value) => value is >= 0 and < byte.MaxValue ? (byte)value : byte.MaxValue;
}
