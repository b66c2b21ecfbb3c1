using Balsa.KeyValue.Wire;

namespace Balsa.KeyValue.Commands;

/// <summary>What a transaction may do. The values are in the log.</summary>
public enum OperationKind : byte
{
    /// <summary>A request whose union was not set; refused, as etcd does.</summary>
    None = 0,
    Range = 1,
    Put = 2,
    Delete = 3,
    Txn = 4,
}

/// <summary>One operation of a transaction; the body is that of a query or command of its kind.</summary>
public readonly ref struct Operation(OperationKind kind, ReadOnlySpan<byte> body)
{
    public OperationKind Kind { get; } = kind;

    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>A row of clauses or operations: how many, and their bytes.</summary>
public readonly ref struct OperationList(int count, ReadOnlySpan<byte> bytes)
{
    public int Count { get; } = count;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public OperationReader Read() => new(Bytes);
}

/// <summary>Goes through the operations of a list.</summary>
public ref struct OperationReader(ReadOnlySpan<byte> bytes)
{
    private ByteReader _from = new(bytes);

    public Operation Current { get; private set; }

    public readonly bool Failed => _from.Failed;

    public bool MoveNext()
    {
        if (_from.IsEmpty) return false;
        Current = new Operation((OperationKind)_from.Byte(), _from.Bytes());
        return !_from.Failed;
    }
}

/// <summary>
/// If all clauses hold, the first list of operations, otherwise the second:
/// <c>3 times: count | bytes of the list</c>, for clauses, success and failure. Make one with <see cref="TxnBuilder"/>.
/// </summary>
public readonly ref struct TxnCommand
{
    /// <summary>Conditions one after the other, as <see cref="CompareClause"/> writes them.</summary>
    public OperationList Compares { get; init; }

    public OperationList Success { get; init; }

    public OperationList Failure { get; init; }

    /// <summary>Reads the outer shape; what the lists hold is checked by whoever goes through them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TxnCommand command)
    {
        var from = new ByteReader(body);
        command = new TxnCommand { Compares = List(ref from), Success = List(ref from), Failure = List(ref from) };
        return from.EndedWell;
    }

    private static OperationList List(scoped ref ByteReader from)
    {
        var count = from.Varint();
        return new OperationList((int)Math.Min(count, int.MaxValue), from.Bytes());
    }
}
