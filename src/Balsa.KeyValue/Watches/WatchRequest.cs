namespace Balsa.KeyValue.Watches;

[Flags]
public enum WatchOptions : byte
{
    None = 0,

    /// <summary>Puts are left out.</summary>
    NoPut = 1,

    /// <summary>Deletes are left out.</summary>
    NoDelete = 2,

    /// <summary>Each event comes with the version before it.</summary>
    Previous = 4,

    /// <summary>Says from time to time up to which revision the client has everything, when nothing else is sent.</summary>
    ProgressNotify = 8,

    /// <summary>A large batch may come in several parts.</summary>
    Fragment = 16,
}

/// <summary>What one watcher wants to see.</summary>
public readonly ref struct WatchRequest
{
    /// <summary>Empty: the lowest key there can be.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>As in a range query: empty for one key, a single zero byte for no end.</summary>
    public ReadOnlySpan<byte> End { get; init; }

    /// <summary>The first revision to be seen; 0 for what comes next.</summary>
    public long Start { get; init; }

    /// <summary>0: the hub chooses.</summary>
    public long WatchId { get; init; }

    public WatchOptions Options { get; init; }
}
