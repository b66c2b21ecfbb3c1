namespace Balsa.KeyValue.Store;

/// <summary>What the store takes of memory, in bytes.</summary>
/// <param name="Allocated">Slabs, pages and history, full or not.</param>
/// <param name="Used">Of these, what holds something.</param>
/// <param name="Retained">Pages that only older views still need.</param>
public readonly record struct StoreSizes(long Allocated, long Used, long Retained);
