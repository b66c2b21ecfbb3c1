using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Cluster;

/// <summary>Clusters of three as they may be found, without any process.</summary>
internal static class Views
{
    internal static NodeStatus Node(ulong id, string role, string leader, ulong term = 7, ulong applied = 100) => new()
    {
        Name = $"n{id}", Id = id, Cluster = "c0ffee", Pid = 1, Boot = 1, Role = role, Term = term, Leader = leader, LastIndex = applied,
        CommitIndex = applied, AppliedIndex = applied, DurableIndex = applied, LogBytes = 2048, FramesDropped = 0, UptimeSeconds = 61,
        Revision = (long)applied - 5, Members = [],
    };

    internal static NodeStatus Leader(ulong id, ulong term = 7) => Node(id, "Leader", $"n{id}", term) with
    {
        Followers = [.. new ulong[] { 1, 2, 3 }.Where(other => other != id).Select(other =>
            new FollowerStatus(other, 100, other * 4, Replicating: true, NeedsSnapshot: false, NotCounted: false, DiskSlow: false))],
    };

    internal static ClusterView Of(params NodeStatus[] answers) => new(
        [.. Enumerable.Range(1, 3).Select(i =>
            new MemberStatus((ulong)i, $"n{i}", "Voter", $"127.0.0.1:{i}380", $"127.0.0.1:{i}379", Connected: true))],
        answers.ToDictionary(node => node.Id), new Dictionary<string, string> { ["127.0.0.1:3379"] = "connection refused" });
}
