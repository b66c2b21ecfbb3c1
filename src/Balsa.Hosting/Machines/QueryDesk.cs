using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Balsa.Hosting.Machines;

/// <summary>Queries that wait for their turn on the applying thread. The replica carries their numbers.</summary>
internal sealed class QueryDesk<TState> where TState : class
{
    private readonly ConcurrentDictionary<long, Func<TState, object?>> _waiting = new();
    private long _last;

    internal int Count => _waiting.Count;

    internal byte[] Add(Func<TState, object?> query)
    {
        var number = Interlocked.Increment(ref _last);
        _waiting[number] = query;
        var name = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(name, number);
        return name;
    }

    internal void Remove(byte[] name) => _waiting.TryRemove(BinaryPrimitives.ReadInt64LittleEndian(name), out _);

    /// <summary>On the applying thread. What the query throws is its caller's business and nobody else's.</summary>
    internal QueryResult Run(ReadOnlySpan<byte> name, TState state)
    {
        if (!_waiting.TryRemove(BinaryPrimitives.ReadInt64LittleEndian(name), out var query))
            return new QueryResult(null, new OperationCanceledException("Nobody waits for this query any more."));
        try
        {
            return new QueryResult(query(state), null);
        }
        catch (Exception problem)
        {
            return new QueryResult(null, problem);
        }
    }
}

internal sealed record QueryResult(object? Value, Exception? Problem);
