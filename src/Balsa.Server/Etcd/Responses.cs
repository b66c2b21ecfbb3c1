using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;
using Balsa.Protocol.Etcd;
using Google.Protobuf;
using StoredKey = Balsa.KeyValue.Answers.KeyValue;
using WireKey = Balsa.Protocol.Mvcc.KeyValue;

namespace Balsa.Server.Etcd;

/// <summary>From answers of the store to the messages of clients.</summary>
internal static class Responses
{
    internal static RangeResponse RangeOf(Answer answer, ResponseHeader header)
    {
        var response = new RangeResponse { Header = header, Count = answer.Count, More = answer.More };
        foreach (var value in answer.Values) response.Kvs.Add(KeyOf(value));
        return response;
    }

    internal static PutResponse PutOf(Answer answer, ResponseHeader header) =>
        new() { Header = header, PrevKv = answer.Values is [var previous] ? KeyOf(previous) : null };

    internal static DeleteRangeResponse DeleteOf(Answer answer, ResponseHeader header)
    {
        var response = new DeleteRangeResponse { Header = header, Deleted = answer.Count };
        foreach (var value in answer.Values) response.PrevKvs.Add(KeyOf(value));
        return response;
    }

    internal static TxnResponse TxnOf(Answer answer, ResponseHeader header)
    {
        var response = new TxnResponse { Header = header, Succeeded = answer.Succeeded };
        foreach (var operation in answer.Responses) response.Responses.Add(OperationOf(operation));
        return response;
    }

    /// <summary>Inside a transaction headers hold a revision alone, and that of a transaction holds nothing.</summary>
    private static ResponseOp OperationOf(Answer answer)
    {
        var header = new ResponseHeader { Revision = answer.Revision };
        return answer.Kind switch
        {
            OperationKind.Range => new ResponseOp { ResponseRange = RangeOf(answer, header) },
            OperationKind.Put => new ResponseOp { ResponsePut = PutOf(answer, header) },
            OperationKind.Delete => new ResponseOp { ResponseDeleteRange = DeleteOf(answer, header) },
            _ => new ResponseOp { ResponseTxn = TxnOf(answer, new ResponseHeader()) },
        };
    }

    /// <summary>The arrays are the answer's own, and nobody changes them any more.</summary>
    private static WireKey KeyOf(StoredKey value) => new()
    {
        Key = UnsafeByteOperations.UnsafeWrap(value.Key), Value = UnsafeByteOperations.UnsafeWrap(value.Value),
        CreateRevision = value.Created, ModRevision = value.Modified, Version = value.Version, Lease = value.Lease,
    };
}
