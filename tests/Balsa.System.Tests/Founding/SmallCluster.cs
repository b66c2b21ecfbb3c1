using Balsa.Cli.Clients;
using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests.Founding;

/// <summary>A founded cluster of real nodes, and room for some that join it.</summary>
internal sealed class SmallCluster(ServerPlan plan) : IAsyncDisposable
{
    private readonly List<ServerRun> _all = [];

    internal ServerPlan Plan => plan;

    internal Dictionary<int, ServerRun> Runs { get; } = [];

    internal string Endpoints => string.Join(',', plan.Clients);

    internal static async Task<SmallCluster> StartAsync(Cli cli, int founders, int nodes, params string[] flags)
    {
        var plan = new ServerPlan(cli, nodes) { Founders = founders, MoreFlags = flags };
        for (var node = founders + 1; node <= nodes; node++)
            plan.FlagsOf[node] = ["--initial-cluster-state", "existing", "--initial-cluster", plan.ListOf(Enumerable.Range(1, nodes))];
        var cluster = new SmallCluster(plan);
        await Task.WhenAll(Enumerable.Range(1, founders).Select(cluster.StartAsync));
        return cluster;
    }

    internal async Task StartAsync(int node)
    {
        var run = plan.Start(node);
        lock (_all)
        {
            _all.Add(run);
            Runs[node] = run;
        }

        Assert.True(await run.IsReadyAsync(), run.HasEnded ? (await run.EndAsync()).Said : "it is not ready");
    }

    /// <summary>The number of the node that leads.</summary>
    internal async Task<int> LeaderAsync()
    {
        var until = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var view = await ClusterView.LookAsync(plan.Clients, TimeSpan.FromSeconds(1));
            if (view.Leader is { } leader) return int.Parse(leader.Name.AsSpan(1), provider: null);
            Assert.True(DateTime.UtcNow < until, "nobody leads");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _all) await run.DisposeAsync();
    }
}
