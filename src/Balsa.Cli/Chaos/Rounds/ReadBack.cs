using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Simulation.Judging.Histories;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>The end of a campaign: everything that was acknowledged is looked for.</summary>
internal static class ReadBack
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(20);

    /// <exception cref="ChaosException">Something cannot be read.</exception>
    internal static async Task RunAsync(DevCluster cluster, Workload workload, CampaignReport report)
    {
        using var client = new ClusterClient(cluster.Endpoints);
        var reader = workload.NewClient("reader", limit: LongestRead);
        report.Acknowledged = workload.Keys.Acknowledged + workload.Ledger.Acknowledged;
        var lostKeys = await workload.Keys.CountLostAsync(prefix => InsistAsync(reader.ListAsync(prefix)));
        var doubledKeys = await workload.Keys.CountDoubledAsync(client, LongestRead);
        var (lostTokens, doubledTokens) = await workload.Ledger.CompareAsync(key => InsistAsync(reader.GetAsync(key)));
        (report.Lost, report.Doubled) = (lostKeys + lostTokens, doubledKeys + doubledTokens);
    }

    private static async Task<Operation> InsistAsync(Task<Operation> reading)
    {
        var read = await reading;
        return read.Outcome == Outcome.Done ? read : throw new ChaosException($"{read.Key} cannot be read at the end");
    }
}
