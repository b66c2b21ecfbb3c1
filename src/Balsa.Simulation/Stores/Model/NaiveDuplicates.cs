using Balsa.Simulation.Stores.Requests;

namespace Balsa.Simulation.Stores.Model;

/// <summary>
/// What one list of operations puts and deletes, and whether a key would be written twice. As in etcd, the two branches of a
/// nested transaction exclude each other, and the end of a delete is taken literally: "all from here on" covers no key here.
/// </summary>
internal sealed class NaiveDuplicates
{
    private readonly List<byte[]> _puts = [];
    private readonly List<PlainDelete> _deletes = [];
    private bool _found;

    internal static bool IsIn(PlainTxn txn) => Of(txn.Success)._found || Of(txn.Failure)._found;

    /// <summary>First the deletes of this level, then nested transactions in their order, then the puts of this level.</summary>
    private static NaiveDuplicates Of(IReadOnlyList<PlainOperation> operations)
    {
        var writes = new NaiveDuplicates();
        writes._deletes.AddRange(operations.OfType<PlainDelete>());
        foreach (var nested in operations.OfType<PlainTxn>()) writes.AddNested(nested);
        foreach (var put in operations.OfType<PlainPut>())
        {
            writes._found |= writes.Collides(put.Key);
            writes._puts.Add(put.Key);
        }

        return writes;
    }

    private void AddNested(PlainTxn nested)
    {
        var (success, failure) = (Of(nested.Success), Of(nested.Failure));
        _found |= success._found || failure._found || success._puts.Exists(Collides) || failure._puts.Exists(Collides);
        _puts.AddRange(success._puts);
        _puts.AddRange(failure._puts);
        _deletes.AddRange(success._deletes);
        _deletes.AddRange(failure._deletes);
    }

    private bool Collides(byte[] key) =>
        _puts.Exists(other => other.AsSpan().SequenceEqual(key)) || _deletes.Exists(delete => Covers(delete, key));

    private static bool Covers(PlainDelete delete, byte[] key) =>
        delete.End.Length == 0
            ? delete.Key.AsSpan().SequenceEqual(key)
            : ByteOrder.Instance.Compare(key, delete.Key) >= 0 && ByteOrder.Instance.Compare(key, delete.End) < 0;
}
