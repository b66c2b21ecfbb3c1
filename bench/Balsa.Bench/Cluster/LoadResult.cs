using Balsa.Bench.Measuring;

namespace Balsa.Bench.Cluster;

/// <param name="GeneratorBusy">How much of one core the generator itself took; above 0.85 it measures itself.</param>
public sealed record LoadResult(long Operations, long Errors, double Seconds, LatencyCounts Latencies, double GeneratorBusy)
{
    public double OpsPerSecond => Operations / Seconds;
}
