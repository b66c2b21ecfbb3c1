using System.Net;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>What each member of a cluster says of itself, side by side, and what that adds up to.</summary>
internal sealed class ClusterView
{
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);

    private const string Voter = "Voter";

    internal ClusterView(
        IReadOnlyList<MemberStatus> members, IReadOnlyDictionary<ulong, NodeStatus> answers, IReadOnlyDictionary<string, string> silent)
    {
        (Members, Answers, Silent) = (members, answers, silent);
        var voters = members.Where(member => member.Role == Voter).Select(member => member.Id).ToHashSet();
        var quorum = voters.Count / 2 + 1;
        Leader = answers.Values.Where(node => node.Role == "Leader").MaxBy(node => node.Term);
        var followers = answers.Values.Count(node =>
            voters.Contains(node.Id) && Leader is not null && node.Leader == Leader.Name && node.Term == Leader.Term);
        WritesWork = Leader is not null && followers >= quorum;
        FailuresTolerated = WritesWork ? followers - quorum : 0;
        Health = HealthOf(quorum, followers);
    }

    public IReadOnlyList<MemberStatus> Members { get; }

    /// <summary>By member id; who did not answer is missing.</summary>
    public IReadOnlyDictionary<ulong, NodeStatus> Answers { get; }

    /// <summary>By address: why it did not answer.</summary>
    public IReadOnlyDictionary<string, string> Silent { get; }

    /// <summary>The one of the highest term, when there are two that believe it.</summary>
    public NodeStatus? Leader { get; }

    public ulong Term => Answers.Values.Select(node => node.Term).DefaultIfEmpty().Max();

    /// <summary>One of healthy, degraded, no quorum, unknown.</summary>
    public string Health { get; }

    public bool WritesWork { get; }

    /// <summary>As the member has them that has applied most.</summary>
    public IReadOnlyList<string> Alarms => Answers.Values.MaxBy(node => node.AppliedIndex)?.Alarms ?? [];

    public int FailuresTolerated { get; }

    /// <summary>Asks the endpoints, and the members that they name and that are not among them.</summary>
    public static async Task<ClusterView> LookAsync(IReadOnlyList<IPEndPoint> endpoints, TimeSpan limit)
    {
        var answers = new Dictionary<ulong, NodeStatus>();
        var silent = new Dictionary<string, string>();
        var members = new SortedDictionary<ulong, MemberStatus>();
        var asked = new HashSet<IPEndPoint>();
        var toAsk = endpoints.Distinct().ToList();
        while (toAsk.Count > 0)
        {
            asked.UnionWith(toAsk);
            foreach (var (endpoint, status, problem) in await Task.WhenAll(toAsk.Select(endpoint => AskAsync(endpoint, limit))))
            {
                if (status is null)
                {
                    silent[$"{endpoint}"] = problem;
                    continue;
                }

                answers[status.Id] = status;
                foreach (var member in status.Members) members[member.Id] = member;
            }

            var named = members.Values.Select(member => IPEndPoint.TryParse(member.Client, out var address) ? address : null);
            toAsk = [.. named.OfType<IPEndPoint>().Except(asked)];
        }

        return new ClusterView([.. members.Values], answers, silent);
    }

    /// <summary>"No quorum" needs somebody who says so: what we cannot see from here may work all the same.</summary>
    private string HealthOf(int quorum, int followers)
    {
        if (Members.Count == 0) return "unknown";
        if (WritesWork)
        {
            var allFollow = Answers.Count == Members.Count && followers >= Members.Count(member => member.Role == Voter);
            return allFollow && Answers.Values.All(IsWell) && Alarms.Count == 0 ? "healthy" : "degraded";
        }

        var believers = Answers.Values.Count(node => node.Leader.Length > 0 && node.Leader != node.Name && node.Leader != Leader?.Name);
        return Answers.Count < quorum && Leader is null && believers > 0 ? "unknown" : "no quorum";
    }

    private static bool IsWell(NodeStatus node) => node is { Aside: null, Repairing: false, Isolated: false };

    private static async Task<(IPEndPoint Endpoint, NodeStatus? Status, string Problem)> AskAsync(IPEndPoint endpoint, TimeSpan limit)
    {
        using var client = new ClusterClient([endpoint]);
        var shorter = limit < LongestAnswer ? limit : LongestAnswer;
        var response = await client.AskOnceAsync(new ClientRequest { Op = ClientOperation.Status }, shorter);
        return (endpoint, response?.Status, response?.Message ?? client.Tried.GetValueOrDefault($"{endpoint}", "no answer"));
    }
}
