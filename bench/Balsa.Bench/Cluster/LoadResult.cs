using Balsa.Bench.Measuring;

namespace Balsa.Bench.Cluster;

/// <param name="GeneratorBusy">How much of one core the generator itself took; above 0.85 it measures itself.</param>
public sealed record LoadResult(long Operations, long Errors, double Seconds, LatencyCounts Latencies, double GeneratorBusy)
{
    /// <summary>How often which reason was given for an error.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();

    /// <summary>Calls that the servers were too busy to take and that were sent again; their wait counts.</summary>
    public long Repeated { get; init; }

    public double OpsPerSecond => Operations / Seconds;
}
