using Balsa.KeyValue.Store;

namespace Balsa.KeyValue.Queries;

/// <summary>The state's answer to a query, at one revision. Its values never change, so any thread may read them.</summary>
public sealed record QueryAnswer(ulong Revision, IReadOnlyList<StoredValue> Values, bool More)
{
    public static QueryAnswer Of(KeyValueStore store, ReadOnlyMemory<byte> query)
    {
        if (!QueryCodec.TryRead(query, out var kind, out var limit, out var key))
            throw new ArgumentException("This is no query.", nameof(query));
        var values = new List<StoredValue>();
        if (kind == QueryKind.List) return new QueryAnswer(store.Revision, values, store.List(key, limit, values));
        if (store.Find(key) is { } found) values.Add(found);
        return new QueryAnswer(store.Revision, values, More: false);
    }
}
