namespace Balsa.KeyValue.Store;

/// <summary>Keys in the order of their bytes, unsigned: the same on every machine.</summary>
internal sealed class KeyOrder : IComparer<StoredValue>
{
    public int Compare(StoredValue? x, StoredValue? y) => x!.Key.Span.SequenceCompareTo(y!.Key.Span);
}
