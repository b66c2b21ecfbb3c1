using Balsa.KeyValue.Trees;

namespace Balsa.KeyValue.Memory;

/// <summary>
/// What nothing new can reach but readers of older views may still see: it is freed when the last such view is gone. In
/// order of the epoch in which it became unreachable.
/// </summary>
internal sealed class Retirements(PageHeap pages, RecordHeap records)
{
    private const int FreedMin = 1024, FreedPerRetired = 4;

    private readonly Queue<Retired> _waiting = new();
    private int _retiredNow;

    internal int Count => _waiting.Count;

    internal int Pages { get; private set; }

    internal void Page(int page, long epoch)
    {
        _waiting.Enqueue(new Retired(epoch, (ulong)page, IsPage: true));
        Pages++;
        _retiredNow++;
    }

    internal void Record(ulong reference, long epoch)
    {
        _waiting.Enqueue(new Retired(epoch, reference, IsPage: false));
        _retiredNow++;
    }

    /// <summary>At the end of an epoch: frees faster than it fills, and yet not everything at once when a reader held much back.</summary>
    internal void EndEpoch(long oldestEpoch)
    {
        FreeUpTo(oldestEpoch, FreedMin + FreedPerRetired * _retiredNow);
        _retiredNow = 0;
    }

    /// <summary>
    /// Frees what no view from this epoch on shows: it became unreachable before a view of its own epoch was published. True
    /// while more of it is left.
    /// </summary>
    internal bool FreeUpTo(long oldestEpoch, int most)
    {
        for (; most > 0 && _waiting.TryPeek(out var first) && first.Epoch <= oldestEpoch; most--)
        {
            _waiting.Dequeue();
            if (first.IsPage)
            {
                pages.Free((int)first.Value);
                Pages--;
            }
            else
            {
                records.Free(first.Value);
            }
        }

        return _waiting.TryPeek(out var next) && next.Epoch <= oldestEpoch;
    }

    private readonly record struct Retired(long Epoch, ulong Value, bool IsPage);
}
