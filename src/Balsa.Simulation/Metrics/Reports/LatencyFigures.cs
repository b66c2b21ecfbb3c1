namespace Balsa.Simulation.Metrics.Reports;

/// <summary>Seconds. All are 0 when nothing was measured.</summary>
public readonly record struct LatencyFigures(int Count, double Mean, double Median, double P95, double P99, double Max)
{
    internal static LatencyFigures Of(IReadOnlyList<long> ticks)
    {
        if (ticks.Count == 0) return default;
        var sorted = ticks.Order().ToArray();
        double At(double share) => Seconds(sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))]);
        // The course's median is the element in the middle, or the one behind it.
        return new LatencyFigures(sorted.Length, Seconds(sorted.Sum()) / sorted.Length, At(0.5), At(0.95), At(0.99), Seconds(sorted[^1]));
    }

    private static double Seconds(long ticks) => ticks / (double)TimeSpan.TicksPerSecond;
}
