using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Simulation.Stores.Requests;

/// <summary>A transaction as plain lists, also one that is refused.</summary>
internal sealed record PlainTxn(
    IReadOnlyList<PlainCompare> Compares, IReadOnlyList<PlainOperation> Success, IReadOnlyList<PlainOperation> Failure)
    : PlainOperation
{
    internal override OperationKind Kind => OperationKind.Txn;

    internal override void Write(ByteWriter into)
    {
        var txn = new TxnBuilder();
        foreach (var compare in Compares) txn.If(compare.Clause);
        foreach (var operation in Success) txn.Then(operation.Kind, operation.ToBytes());
        foreach (var operation in Failure) txn.Else(operation.Kind, operation.ToBytes());
        txn.Write(into);
    }

    public override string ToString() =>
        $"txn if ({string.Join(", ", Compares)}) then ({string.Join("; ", Success)}) else ({string.Join("; ", Failure)})";
}

/// <summary>One condition of a transaction.</summary>
internal sealed record PlainCompare(CompareResult Result, CompareTarget Target, byte[] Key, byte[] End, long Number, byte[] Value)
{
    internal CompareClause Clause => new()
    {
        Result = Result, Target = Target, Key = Key, End = End, Number = Number, Value = Value,
    };

    internal static PlainCompare Of(in CompareClause clause) => new(
        clause.Result, clause.Target, clause.Key.ToArray(), clause.End.ToArray(), clause.Number, clause.Value.ToArray());

    public override string ToString() =>
        $"{Target} of {Words.Range(Key, End)} {Result} {(Target == CompareTarget.Value ? Words.Bytes(Value) : Number)}";
}
