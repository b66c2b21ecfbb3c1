using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>Puts a transaction together, also one that the store is going to refuse.</summary>
public sealed class TxnBuilder
{
    private readonly Part _compares = new(), _success = new(), _failure = new();
    private readonly ByteWriter _body = new();

    public TxnBuilder If(in CompareClause clause)
    {
        clause.Write(_compares.Bytes);
        _compares.Count++;
        return this;
    }

    public TxnBuilder Then(in PutCommand put) => Put(_success, put);

    public TxnBuilder Then(in DeleteCommand delete) => Delete(_success, delete);

    public TxnBuilder Then(in RangeQuery range) => Range(_success, range);

    public TxnBuilder Then(TxnBuilder txn) => Txn(_success, txn);

    /// <summary>An operation of any kind, for what clients leave unset.</summary>
    public TxnBuilder Then(OperationKind kind, ReadOnlySpan<byte> body) => Add(_success, kind, body);

    public TxnBuilder Else(in PutCommand put) => Put(_failure, put);

    public TxnBuilder Else(in DeleteCommand delete) => Delete(_failure, delete);

    public TxnBuilder Else(in RangeQuery range) => Range(_failure, range);

    public TxnBuilder Else(TxnBuilder txn) => Txn(_failure, txn);

    public TxnBuilder Else(OperationKind kind, ReadOnlySpan<byte> body) => Add(_failure, kind, body);

    public void Write(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        foreach (var part in (ReadOnlySpan<Part>)[_compares, _success, _failure])
        {
            into.Varint((ulong)part.Count);
            into.Bytes(part.Bytes.Written);
        }
    }

    private TxnBuilder Put(Part part, in PutCommand put)
    {
        _body.Clear();
        put.Write(_body);
        return Add(part, OperationKind.Put, _body.Written);
    }

    private TxnBuilder Delete(Part part, in DeleteCommand delete)
    {
        _body.Clear();
        delete.Write(_body);
        return Add(part, OperationKind.Delete, _body.Written);
    }

    private TxnBuilder Range(Part part, in RangeQuery range)
    {
        _body.Clear();
        range.Write(_body);
        return Add(part, OperationKind.Range, _body.Written);
    }

    private TxnBuilder Txn(Part part, TxnBuilder txn)
    {
        _body.Clear();
        txn.Write(_body);
        return Add(part, OperationKind.Txn, _body.Written);
    }

    private TxnBuilder Add(Part part, OperationKind kind, ReadOnlySpan<byte> body)
    {
        part.Bytes.Byte((byte)kind);
        part.Bytes.Bytes(body);
        part.Count++;
        return this;
    }

    private sealed class Part
    {
        internal ByteWriter Bytes { get; } = new();

        internal int Count { get; set; }
    }
}
