using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Transactions;

namespace Balsa.KeyValue.Store;

/// <summary>
/// How much memory a store may use. Asked before a command is proposed, never at apply: members differ in what they have
/// freed. Beyond it a member raises the alarm, and from then on all members refuse alike.
/// </summary>
/// <param name="Bytes">0: <see cref="Default"/>; below 0: without bound.</param>
public readonly record struct Quota(long Bytes)
{
    public const long Default = 2L << 30;
    private const long PutCost = 256, LeaseCost = 64;

    /// <summary>Deletes, compactions and whatever else frees memory always pass.</summary>
    public bool Allows(long usedBytes, CommandKind kind, ReadOnlySpan<byte> body)
    {
        if (Bytes < 0) return true;
        var cost = CostOf(kind, body);
        return cost == 0 || usedBytes + cost < (Bytes == 0 ? Default : Bytes);
    }

    /// <summary>Of a transaction the costlier branch; nested ones count.</summary>
    public static long CostOf(CommandKind kind, ReadOnlySpan<byte> body) => kind switch
    {
        CommandKind.Put => PutCommand.TryRead(body, out var put) ? CostOf(put) : 0,
        CommandKind.Txn => CostOfTxn(body, TxnShape<Probes.NoStoreProbe>.DepthMax),
        CommandKind.LeaseGrant => LeaseCost,
        _ => 0,
    };

    private static long CostOf(in PutCommand put) => PutCost + put.Key.Length + put.Value.Length;

    private static long CostOfTxn(ReadOnlySpan<byte> body, int depth) =>
        depth > 0 && TxnCommand.TryRead(body, out var txn) ? Math.Max(CostOf(txn.Success, depth), CostOf(txn.Failure, depth)) : 0;

    private static long CostOf(in OperationList list, int depth)
    {
        var sum = 0L;
        var reader = list.Read();
        while (reader.MoveNext())
        {
            if (reader.Current.Kind == OperationKind.Put && PutCommand.TryRead(reader.Current.Body, out var put)) sum += CostOf(put);
            else if (reader.Current.Kind == OperationKind.Txn) sum += CostOfTxn(reader.Current.Body, depth - 1);
        }

        return sum;
    }
}
