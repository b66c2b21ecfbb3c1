using Balsa.Cli.Clients;

namespace Balsa.Cli.Dev.Faults;

/// <summary>Which nodes a fault is meant for.</summary>
internal static class FaultTarget
{
    /// <summary>Null with a refusal when there is none, or none to which this can be done.</summary>
    public static IReadOnlyList<DevNode>? Choose(
        DevCluster cluster, ClusterView view, string operation, string target, out DevResponse? refusal)
    {
        var named = target switch
        {
            "all" => cluster.Nodes,
            "leader" => cluster.Nodes.Where(node => node.Address.Name == view.Leader?.Name),
            "follower" => cluster.Nodes.Where(node => node.IsServing && node.Address.Name != view.Leader?.Name).Take(1),
            _ => cluster.Nodes.Where(node => node.Address.Name == target),
        };
        var nodes = named.ToList();
        refusal = null;
        if (nodes.Count == 0) refusal = new DevResponse(Done: false, WhyNobody(cluster, target));
        var able = nodes.FindAll(node => IsAble(node, operation));
        if (refusal is null && able.Count == 0) refusal = new DevResponse(Done: false, WhyNot(nodes, operation));
        return refusal is null ? able : null;
    }

    private static bool IsAble(DevNode node, string operation) => operation switch
    {
        "kill" => node.IsRunning,
        "pause" or "isolate" => node.IsServing,
        "resume" => node is { IsRunning: true, IsPaused: true },
        "heal" => node is { IsRunning: true, IsIsolated: true },
        _ => true,
    };

    private static string WhyNobody(DevCluster cluster, string target) => target switch
    {
        "leader" => "no member leads right now",
        "follower" => "no member follows right now",
        _ => $"there is no node {target}; there are {string.Join(", ", cluster.Nodes.Select(node => node.Address.Name))}",
    };

    private static string WhyNot(List<DevNode> nodes, string operation)
    {
        if (nodes.Count > 1)
            return operation switch { "resume" => "no node is paused", "heal" => "no node is cut off", _ => "no node is left for that" };
        var node = nodes[0];
        var name = node.Address.Name;
        if (!node.IsRunning) return $"{name} is down already";
        return operation switch
        {
            "resume" => $"{name} is not paused",
            "heal" => $"{name} is not cut off",
            _ => $"{name} is {(node.IsPaused ? "paused" : "cut off")} already",
        };
    }
}
