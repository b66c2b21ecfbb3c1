using System.Buffers.Binary;

namespace Balsa.KeyValue.Queries;

/// <summary>What can be asked of the state. The values pass between threads of one process only.</summary>
public enum QueryKind : byte
{
    Get = 1,
    List = 2,
}

/// <summary>Queries as bytes, because the host between the caller and the store knows neither: <c>1 kind | 4 limit | key or
/// prefix</c>.</summary>
public static class QueryCodec
{
    private const int HeaderBytes = 5;

    public static byte[] Get(ReadOnlySpan<byte> key) => Write(QueryKind.Get, 1, key);

    public static byte[] List(ReadOnlySpan<byte> prefix, int limit) => Write(QueryKind.List, limit, prefix);

    public static bool TryRead(ReadOnlyMemory<byte> query, out QueryKind kind, out int limit, out ReadOnlyMemory<byte> key)
    {
        (kind, limit, key) = (default, 0, default);
        if (query.Length < HeaderBytes) return false;
        kind = (QueryKind)query.Span[0];
        limit = BinaryPrimitives.ReadInt32LittleEndian(query.Span[1..]);
        key = query[HeaderBytes..];
        return kind is QueryKind.Get or QueryKind.List && limit > 0;
    }

    private static byte[] Write(QueryKind kind, int limit, ReadOnlySpan<byte> key)
    {
        var query = new byte[HeaderBytes + key.Length];
        query[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(query.AsSpan(1), limit);
        key.CopyTo(query.AsSpan(HeaderBytes));
        return query;
    }
}
