using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Wire;

namespace Balsa.Simulation.Stores.Requests;

/// <summary>
/// One operation of a transaction, or a command of the same shape, as plain arrays: what the model runs, what a script
/// invents, and what is told to people.
/// </summary>
internal abstract record PlainOperation
{
    internal abstract OperationKind Kind { get; }

    internal abstract void Write(ByteWriter into);

    internal byte[] ToBytes()
    {
        var writer = new ByteWriter();
        Write(writer);
        return writer.Written.ToArray();
    }
}

internal sealed record PlainPut(byte[] Key, byte[] Value, long Lease, PutOptions Options) : PlainOperation
{
    internal override OperationKind Kind => OperationKind.Put;

    /// <summary>The key must be there already.</summary>
    internal bool NeedsKey => (Options & (PutOptions.KeepValue | PutOptions.KeepLease | PutOptions.MustExist)) != PutOptions.None;

    internal static PlainPut Of(in PutCommand put) => new(put.Key.ToArray(), put.Value.ToArray(), put.Lease, put.Options);

    internal bool Has(PutOptions option) => (Options & option) != PutOptions.None;

    internal override void Write(ByteWriter into) =>
        new PutCommand { Key = Key, Value = Value, Lease = Lease, Options = Options }.Write(into);

    public override string ToString() =>
        $"put {Words.Bytes(Key)}={Words.Bytes(Value)}{(Lease == 0 ? "" : $" lease {Lease}")}"
        + $"{(Options == PutOptions.None ? "" : $" [{Options}]")}";
}

internal sealed record PlainDelete(byte[] Key, byte[] End, bool ReturnsPrevious) : PlainOperation
{
    internal override OperationKind Kind => OperationKind.Delete;

    internal static PlainDelete Of(in DeleteCommand delete) =>
        new(delete.Key.ToArray(), delete.End.ToArray(), delete.ReturnPrevious);

    internal override void Write(ByteWriter into) =>
        new DeleteCommand { Key = Key, End = End, ReturnPrevious = ReturnsPrevious }.Write(into);

    public override string ToString() => $"delete {Words.Range(Key, End)}{(ReturnsPrevious ? " [previous]" : "")}";
}

/// <summary>An operation whose kind was left unset, or that no build knows.</summary>
internal sealed record PlainUnset(OperationKind Unset) : PlainOperation
{
    internal override OperationKind Kind => Unset;

    internal override void Write(ByteWriter into)
    {
        // There is nothing in it.
    }

    public override string ToString() => $"operation {(int)Unset}";
}
