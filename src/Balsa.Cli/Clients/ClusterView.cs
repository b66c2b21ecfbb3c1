using System.Net;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>What each member of a cluster says of itself, side by side, and what that adds up to.</summary>
internal sealed class ClusterView
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);

    private ClusterView(IReadOnlyList<MemberStatus> members, IReadOnlyDictionary<ulong, NodeStatus> answers)
    {
        (Members, Answers) = (members, answers);
        Leader = answers.Values.Where(node => node.Role == "Leader").MaxBy(node => node.Term);
        var quorum = members.Count / 2 + 1;
        var followers = Leader is null ? 0 : answers.Values.Count(node => node.Leader == Leader.Name && node.Term == Leader.Term);
        WritesWork = Leader is not null && followers >= quorum;
        FailuresTolerated = WritesWork ? Math.Max(0, answers.Count - quorum) : 0;
        Health = members.Count == 0 ? "unknown" : !WritesWork ? "no quorum" : answers.Count < members.Count ? "degraded" : "healthy";
    }

    public IReadOnlyList<MemberStatus> Members { get; }

    /// <summary>By member id; who did not answer is missing.</summary>
    public IReadOnlyDictionary<ulong, NodeStatus> Answers { get; }

    public NodeStatus? Leader { get; }

    /// <summary>One of healthy, degraded, no quorum, unknown.</summary>
    public string Health { get; }

    public bool WritesWork { get; }

    public int FailuresTolerated { get; }

    /// <summary>Asks the endpoints, and the members that they name and that are not among them.</summary>
    public static async Task<ClusterView> LookAsync(IReadOnlyList<IPEndPoint> endpoints, TimeSpan limit)
    {
        var answers = new Dictionary<ulong, NodeStatus>();
        var members = new SortedDictionary<ulong, MemberStatus>();
        var asked = new HashSet<IPEndPoint>();
        var toAsk = endpoints.Distinct().ToList();
        while (toAsk.Count > 0)
        {
            asked.UnionWith(toAsk);
            foreach (var status in await Task.WhenAll(toAsk.Select(endpoint => AskAsync(endpoint, limit))))
            {
                if (status is null) continue;
                answers[status.Id] = status;
                foreach (var member in status.Members) members[member.Id] = member;
            }

            var named = members.Values.Select(member => IPEndPoint.TryParse(member.Client, out var address) ? address : null);
            toAsk = [.. named.OfType<IPEndPoint>().Except(asked)];
        }

        return new ClusterView([.. members.Values], answers);
    }

    private static async Task<NodeStatus?> AskAsync(IPEndPoint endpoint, TimeSpan limit)
    {
        using var client = new ClusterClient([endpoint]);
        var shorter = limit < LongestAnswer ? limit : LongestAnswer;
        var response = await client.AskOnceAsync(new ClientRequest { Op = ClientOperation.Status }, shorter);
        return response?.Status;
    }
}
