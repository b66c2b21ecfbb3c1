using System.Diagnostics;

namespace Balsa.Bench.Measuring;

/// <summary>Many durations in little memory: exact to about one in a hundred, and the largest exactly. In ticks of the stopwatch.</summary>
public sealed class Durations
{
    private const int SubBits = 6, Sub = 1 << SubBits;
    private readonly long[] _counts = new long[64 * Sub];

    public long Count { get; private set; }

    public long Largest { get; private set; }

    public void Add(long ticks)
    {
        Count++;
        Largest = Math.Max(Largest, ticks);
        _counts[Bucket(Math.Max(0, ticks))]++;
    }

    /// <summary>The duration that the given share of all does not pass, in milliseconds.</summary>
    public double Milliseconds(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0) return ToMilliseconds(Math.Min(Upper(bucket), Largest));
        }

        return 0;
    }

    public static double ToMilliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;

    private static int Bucket(long ticks)
    {
        if (ticks < Sub) return (int)ticks;
        var shift = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)ticks) - SubBits;
        return ((shift + 1) << SubBits) + (int)(ticks >> shift) - Sub;
    }

    private static long Upper(int bucket)
    {
        if (bucket < Sub) return bucket;
        var shift = (bucket >> SubBits) - 1;
        return ((long)((bucket & (Sub - 1)) + Sub + 1) << shift) - 1;
    }
}
