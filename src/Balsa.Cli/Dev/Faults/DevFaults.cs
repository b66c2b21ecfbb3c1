using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev.Faults;

/// <summary>What can be done to the nodes of a dev cluster, and what it did to writes. One thing at a time.</summary>
internal sealed class DevFaults(DevCluster cluster, DevLoad load, Action<string, string> say) : IDisposable
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _one = new(1, 1);

    public static IReadOnlyList<string> Operations { get; } = ["kill", "pause", "resume", "restart", "isolate", "heal"];

    public void Dispose() => _one.Dispose();

    /// <param name="operation">One of <see cref="Operations"/>.</param>
    /// <param name="target">A name, "leader", "follower" or "all".</param>
    public async Task<DevResponse> DoAsync(string operation, string target)
    {
        await _one.WaitAsync();
        try
        {
            var view = await cluster.LookAsync();
            if (FaultTarget.Choose(cluster, view, operation, target, out var refusal) is not { } nodes) return refusal!;
            return operation switch
            {
                "kill" => await HarmAsync(view, nodes, "killed", node => node.KillAsync()),
                "pause" => await HarmAsync(view, nodes, "paused", node => Task.FromResult(node.TryPause())),
                "isolate" => await HarmAsync(view, nodes, "cut off from the others", node => IsolateAsync(node, ClientOperation.Isolate)),
                "restart" when nodes.All(node => !node.IsRunning) => await MendAsync(nodes, "restarted", RestartAsync),
                "restart" => await HarmAsync(view, nodes, "restarted", RestartAsync),
                "resume" => await MendAsync(nodes, "runs again", node => Task.FromResult(node.TryResume())),
                _ => await MendAsync(nodes, "hears the others again", node => IsolateAsync(node, ClientOperation.Heal)),
            };
        }
        catch (DevException problem)
        {
            return new DevResponse(Done: false, problem.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<DevResponse> HarmAsync(ClusterView view, IReadOnlyList<DevNode> nodes, string done, Func<DevNode, Task> act)
    {
        var since = Stopwatch.GetTimestamp();
        await Task.WhenAll(nodes.Select(act));
        var what = $"{NamesOf(nodes)} {done}{Led(view, nodes)}";
        say(done == "paused" ? "‖" : "✕", what);
        var left = cluster.Nodes.Where(node => node.IsServing).ToList();
        if (left.Count <= cluster.Nodes.Count / 2)
            return new DevResponse(Done: true, $"{what}; writes do not work: {left.Count} of {cluster.Nodes.Count} nodes are left");
        var gap = await GapProbe.MeasureAsync(since, [.. left.Select(node => node.Address.Client)]);
        if (gap is not { } measured) return new DevResponse(Done: true, $"{what}; writes do not work");
        var verdict = load.IsOn ? await load.CheckAsync() : null;
        var after = string.Create(CultureInfo.InvariantCulture, $"writes work again, gap {measured.TotalSeconds:0.000} s");
        if (verdict is not null) after += $", {verdict.Lost} acknowledged writes lost (checked {verdict.Checked})";
        return new DevResponse(Done: true, $"{what}; {after}", measured.TotalMilliseconds, verdict?.Lost, verdict?.Checked, after);
    }

    private static async Task<DevResponse> MendAsync(IReadOnlyList<DevNode> nodes, string done, Func<DevNode, Task> act)
    {
        await Task.WhenAll(nodes.Select(act));
        return new DevResponse(Done: true, $"{NamesOf(nodes)} {done}");
    }

    private static async Task RestartAsync(DevNode node)
    {
        await node.StopAsync(LongestStop);
        await node.StartAsync();
    }

    private static async Task IsolateAsync(DevNode node, string operation)
    {
        using var client = new ClusterClient([node.Address.Client]);
        var response = await client.AskOnceAsync(new ClientRequest { Op = operation }, LongestCall);
        if (response?.Outcome != ClientOutcome.Done)
            throw new DevException($"{node.Address.Name} cannot be reached.", response?.Message ?? "It does not answer.", "balsa status");
        node.IsIsolated = operation == ClientOperation.Isolate;
    }

    private static string NamesOf(IEnumerable<DevNode> nodes) => string.Join(", ", nodes.Select(node => node.Address.Name));

    private static string Led(ClusterView view, IReadOnlyList<DevNode> nodes) =>
        view.Leader is { } leader && nodes.Any(node => node.Address.Name == leader.Name) ? $" ({leader.Name} led term {leader.Term})" : "";
}
