using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Balsa.Bench.Measuring;

/// <summary>The processor time of the calling thread: what others do on a busy machine does not count.</summary>
public static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>In nanoseconds. Where the system has no such clock, wall time.</summary>
    public static long Now
    {
        get
        {
            if (!OperatingSystem.IsLinux() || GetTime(ThreadCpuTime, out var time) != 0)
                return (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));
            return time.Seconds * 1_000_000_000 + time.Nanoseconds;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        internal long Seconds, Nanoseconds;
    }
}
