using Balsa.KeyValue.Memory;

namespace Balsa.KeyValue.Store;

/// <summary>What the members of a cluster must agree on, because it decides answers; the rest is memory.</summary>
public sealed record StoreOptions
{
    /// <summary>Conditions or operations in one list of a transaction.</summary>
    public int TxnOperationsMax { get; init; } = 128;

    /// <summary>Open sessions; at the limit new ones are refused and live ones stay.</summary>
    public int SessionsMax { get; init; } = 100_000;

    /// <summary>The newest answers that a session keeps.</summary>
    public int SessionAnswersMax { get; init; } = 64;

    /// <summary>Bytes of answers that a session keeps; a larger one is remembered without its content.</summary>
    public int SessionAnswerBytesMax { get; init; } = 64 << 10;

    /// <summary>Bytes of answers that all sessions keep together; beyond it the least recently used session forgets first.</summary>
    public long AnswerBytesMax { get; init; } = 64L << 20;

    /// <summary>
    /// How the host gives memory back to the system, if it can: called with an array of which no content is needed any more,
    /// and which is used again later, whatever it holds then. It decides nothing.
    /// </summary>
    public Action<ulong[]>? Discard { get; init; }

    /// <summary>
    /// Records lie in pieces of memory of this size, one and more for each of their lengths; at least 64 KiB. A store that is
    /// small and lives briefly takes less than the default. It decides nothing.
    /// </summary>
    public int SlabBytes { get; init; } = RecordHeap.SlabWords * sizeof(ulong);
}
