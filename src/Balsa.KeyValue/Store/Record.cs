namespace Balsa.KeyValue.Store;

/// <summary>
/// One version of one key, as it lies in memory: valid while the view that gave it is in use. A delete is a version too,
/// without value, lease, creation or count.
/// </summary>
public readonly ref struct Record
{
    /// <summary>Where it lies. 0: nowhere.</summary>
    public ulong Reference { get; init; }

    /// <summary>The version before it, or 0. It may be gone when it is older than the compacted revision.</summary>
    public ulong Previous { get; init; }

    /// <summary>The revision that made it.</summary>
    public long Modified { get; init; }

    public long Created { get; init; }

    public long Version { get; init; }

    public long Lease { get; init; }

    public bool IsDelete { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }
}
