using System.Diagnostics;
using System.Net;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev;

/// <summary>The processes of a dev cluster.</summary>
internal sealed class DevCluster(DevPlan plan) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestElection = TimeSpan.FromSeconds(15);
    private readonly List<DevNode> _nodes = [.. plan.Members.Select(member => new DevNode(plan, member))];

    public IReadOnlyList<DevNode> Nodes => _nodes;

    public IReadOnlyList<IPEndPoint> Endpoints => [.. _nodes.Select(node => node.Address.Client)];

    /// <summary>All nodes end properly, if they run, and begin again.</summary>
    public Task RestartAsync() => Task.WhenAll(_nodes.Select(async node =>
    {
        await node.StopAsync(LongestStop);
        await node.StartAsync();
    }));

    public Task StartAsync() => Task.WhenAll(_nodes.SkipLast(plan.Spares).Select(node => node.StartAsync()));

    /// <summary>Waits until a write would work, and says who leads.</summary>
    public async Task<NodeStatus> WaitForLeaderAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < LongestElection)
        {
            var view = await LookAsync();
            if (view.WritesWork) return view.Leader!;
            await Task.Delay(20);
        }

        throw new DevException(
            "the nodes run, but none of them leads.", $"No election was won within {LongestElection.TotalSeconds} s.", "balsa status");
    }

    public Task<ClusterView> LookAsync() => ClusterView.LookAsync(Endpoints, TimeSpan.FromSeconds(1));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.StopAsync(LongestStop)));
        _nodes.ForEach(node => node.Dispose());
        if (!plan.IsTemporary) return;
        try
        {
            Directory.Delete(plan.DataDirectory, recursive: true);
        }
        catch (IOException)
        {
            // A file that is still in use stays in the temporary folder; nothing depends on it.
        }
    }
}
