using System.Numerics;

namespace Balsa.Raft.Log;

/// <summary>
/// The sizes of the newest entries, kept as running sums in a ring, so that "how many bytes are a..b" and "how far do
/// 64 KiB reach" need no walk over entries. What has left the ring must be asked of the host (LoadEntries).
/// </summary>
internal sealed class RecentSizes
{
    private readonly ulong[] _sumThrough;
    private readonly ulong _mask;
    private LogIndex _boundary;
    private LogIndex _last;

    internal RecentSizes(int capacity)
    {
        var size = BitOperations.RoundUpToPowerOf2((uint)capacity);
        _sumThrough = new ulong[size];
        _mask = size - 1;
    }

    /// <summary>The lowest index whose size is known; above the last one when none is.</summary>
    internal LogIndex First => _boundary.Next;

    internal void Reset(LogIndex last)
    {
        _boundary = _last = last;
        _sumThrough[last.Value & _mask] = 0;
    }

    internal void Append(uint bytes)
    {
        var sum = _sumThrough[_last.Value & _mask] + bytes;
        _last = _last.Next;
        _sumThrough[_last.Value & _mask] = sum;
        // The slot of the boundary itself holds the sum before the first known entry, so it must stay in the ring.
        if (_last - _boundary > _mask) _boundary = _boundary.Next;
    }

    internal void TruncateFrom(LogIndex from)
    {
        if (from <= _boundary) Reset(from.Previous); else if (from <= _last) _last = from.Previous;
    }

    /// <summary>The host no longer has the entries through here at hand.</summary>
    internal void ForgetThrough(LogIndex index) => _boundary = LogIndex.Larger(_boundary, LogIndex.Smaller(index, _last));

    internal ulong BytesOf(LogIndex first, LogIndex last) => SumThrough(last) - SumThrough(first.Previous);

    /// <summary>The last index such that first..index stay within both limits; at least <paramref name="first"/> itself.</summary>
    internal LogIndex Reach(LogIndex first, LogIndex last, ulong bytesMax, uint entriesMax)
    {
        var high = LogIndex.Smaller(last, first + (entriesMax - 1));
        var limit = SumThrough(first.Previous) + bytesMax;
        if (SumThrough(high) <= limit) return high;
        var low = first;
        while (low < high)
        {
            var middle = new LogIndex((low.Value + high.Value + 1) >>> 1);
            if (SumThrough(middle) <= limit) low = middle; else high = middle.Previous;
        }
        return low;
    }

    private ulong SumThrough(LogIndex index) => _sumThrough[index.Value & _mask];
}
