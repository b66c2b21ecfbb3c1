using System.Numerics;

namespace Balsa.Bench.Measuring;

/// <summary>How often which latency was seen, with an error of at most 2 %. Adding allocates nothing.</summary>
public sealed class LatencyCounts
{
    /// <summary>Between a power of two and the next one.</summary>
    private const int Steps = 64;
    private readonly long[] _counts = new long[64 * Steps];
    private long _total;

    public long Total => _total;

    /// <param name="ticks">Of 100 ns.</param>
    public void Add(long ticks)
    {
        _counts[PlaceOf((ulong)Math.Max(0, ticks))]++;
        _total++;
    }

    public void Add(LatencyCounts others)
    {
        ArgumentNullException.ThrowIfNull(others);
        for (var i = 0; i < _counts.Length; i++) _counts[i] += others._counts[i];
        _total += others._total;
    }

    /// <summary>The latency that this share of all did not exceed.</summary>
    public TimeSpan At(double share)
    {
        var left = (long)Math.Ceiling(_total * share);
        for (var i = 0; i < _counts.Length; i++)
            if ((left -= _counts[i]) <= 0) return TimeSpan.FromTicks(UpperOf(i));
        return TimeSpan.Zero;
    }

    private static int PlaceOf(ulong ticks)
    {
        if (ticks < 2 * Steps) return (int)ticks;
        var shift = BitOperations.Log2(ticks / Steps);
        return shift * Steps + (int)(ticks >> shift);
    }

    private static long UpperOf(int place)
    {
        if (place < 2 * Steps) return place;
        var shift = place / Steps - 1;
        return ((long)(place % Steps + Steps + 1) << shift) - 1;
    }
}
