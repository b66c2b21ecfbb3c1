using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Transactions;

/// <summary>What a transaction could do in either branch, also nested. For one whose shape was checked.</summary>
public readonly record struct TxnEffects(bool Puts, bool Deletes)
{
    public bool Writes => Puts || Deletes;

    public static TxnEffects Of(ReadOnlySpan<byte> body) =>
        TxnCommand.TryRead(body, out var txn) ? Of(txn.Success, Of(txn.Failure, default)) : default;

    private static TxnEffects Of(in OperationList list, TxnEffects found)
    {
        var reader = list.Read();
        while (reader.MoveNext())
        {
            var nested = reader.Current.Kind == OperationKind.Txn ? Of(reader.Current.Body) : default;
            found = new TxnEffects(
                found.Puts || nested.Puts || reader.Current.Kind == OperationKind.Put,
                found.Deletes || nested.Deletes || reader.Current.Kind == OperationKind.Delete);
        }

        return found;
    }
}
