using System.Net;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Duels;

/// <summary>Three nodes of this build, with the times that etcd has by default.</summary>
internal sealed class BalsaContender(string directory, IReadOnlyList<string> launcher) : IContender
{
    private readonly DevCluster _cluster = new(DevPlan.Make(3, directory, null) with
    {
        Launcher = launcher, MoreFlags = ["--heartbeat-interval", "100ms", "--election-timeout", "1000ms"], SegmentBytes = 64 << 20,
    });

    public string Name => "balsa";

    public IReadOnlyList<IPEndPoint> Endpoints => _cluster.Endpoints;

    public IReadOnlyList<int> Processes => [.. _cluster.Nodes.Select(node => node.Pid ?? 0)];

    public async Task StartAsync()
    {
        await _cluster.StartAsync();
        await _cluster.WaitForLeaderAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
