using System.Diagnostics;

namespace Balsa.Replica.Hosting;

/// <summary>The clock that cores live by: it never goes back and knows no date.</summary>
public static class MonotonicClock
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    /// <summary>In ticks of 100 ns since this process began to ask.</summary>
    public static long Now => Stopwatch.GetElapsedTime(Start).Ticks;
}
