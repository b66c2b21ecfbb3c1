using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Ranges;

namespace Balsa.KeyValue.Transactions;

/// <summary>
/// Finds a key that a branch would put twice, or put and delete. The two branches of one nested transaction exclude each
/// other; everything else counts together. As etcd does it, a delete is compared with its end taken literally.
/// </summary>
internal readonly ref struct WrittenKeys(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    internal bool HasDuplicate(in OperationList list)
    {
        if (list.Count < 2 && !HasNested(list)) return false;
        return !TryCollect(list, new KeySet(), new KeySet());
    }

    private static bool HasNested(in OperationList list)
    {
        var reader = list.Read();
        while (reader.MoveNext())
            if (reader.Current.Kind == OperationKind.Txn) return true;
        return false;
    }

    /// <summary>Adds what the list puts and deletes; false at the first duplicate.</summary>
    private bool TryCollect(in OperationList list, KeySet puts, KeySet deletes)
    {
        var reader = list.Read();
        while (reader.MoveNext())
            if (reader.Current.Kind == OperationKind.Delete && DeleteCommand.TryRead(reader.Current.Body, out var delete))
                deletes.Add(_body, delete.Key, delete.End);
        deletes.Arrange(_body);
        reader = list.Read();
        while (reader.MoveNext())
            if (reader.Current.Kind == OperationKind.Txn && !TryCollectNested(reader.Current.Body, puts, deletes)) return false;

        puts.Arrange(_body);
        deletes.Arrange(_body);
        var own = new KeySet();
        reader = list.Read();
        while (reader.MoveNext())
        {
            if (reader.Current.Kind != OperationKind.Put || !PutCommand.TryRead(reader.Current.Body, out var put)) continue;
            if (puts.Contains(_body, put.Key) || deletes.Covers(_body, put.Key)) return false;
            own.Add(_body, put.Key, default);
        }

        if (!own.Arrange(_body)) return false;
        puts.AddAll(own);
        puts.Arrange(_body);
        return true;
    }

    private bool TryCollectNested(ReadOnlySpan<byte> txn, KeySet puts, KeySet deletes)
    {
        TxnCommand.TryRead(txn, out var nested);
        var (putsThen, putsElse, deletesBoth, deletesElse) = (new KeySet(), new KeySet(), new KeySet(), new KeySet());
        if (!TryCollect(nested.Success, putsThen, deletesBoth) || !TryCollect(nested.Failure, putsElse, deletesElse)) return false;
        foreach (var branch in (ReadOnlySpan<KeySet>)[putsThen, putsElse])
            for (var i = 0; i < branch.Count; i++)
                if (puts.Contains(_body, branch.Key(_body, i)) || deletes.Covers(_body, branch.Key(_body, i))) return false;
        puts.AddAll(putsThen);
        puts.AddAll(putsElse);
        puts.Arrange(_body);
        deletes.AddAll(deletesBoth);
        deletes.AddAll(deletesElse);
        deletes.Arrange(_body);
        return true;
    }
}
