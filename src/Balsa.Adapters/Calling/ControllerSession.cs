using System.Net;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Calling;

/// <summary>A controller that knows its nodes: it asks one, all or whoever leads, and goes on asking where that is safe.</summary>
public sealed class ControllerSession(ControllerCaller caller, CalledNodes nodes, TimeSpan timeout)
{
    /// <summary>Names that stand for nodes.</summary>
    public const string All = "all", LeaderName = "leader", Follower = "follower";

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100), LookMax = TimeSpan.FromMilliseconds(500);

    public CalledNodes Nodes => nodes;

    /// <summary>How long one question may take.</summary>
    public TimeSpan Timeout => timeout;

    /// <summary>Who leads by the word of most nodes; null when they do not agree, or too few answer.</summary>
    public async Task<string?> WhoLeadsAsync()
    {
        var replies = await caller.AskAsync(nodes.Addresses, new CallerRequest("LEADER_INFO"), LookMax < timeout ? LookMax : timeout);
        var named = replies.Where(reply => reply.Leader is not null).GroupBy(reply => reply.Leader!, StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(group => group.Count()).FirstOrDefault();
        return named is not null && 2 * named.Count() > nodes.Names.Count ? named.Key : null;
    }

    /// <summary>Waits until most nodes name the same leader, which may have to be another than one that led before.</summary>
    public async Task<string?> WaitForLeaderAsync(TimeSpan longest, string? otherThan = null)
    {
        var deadline = DateTime.UtcNow + longest;
        while (true)
        {
            if (await WhoLeadsAsync() is { } leader && (otherThan is null || !DialectNames.Match(leader, otherThan))) return leader;
            if (DateTime.UtcNow > deadline) return null;
            await Task.Delay(Between);
        }
    }

    /// <param name="target">The name of a node, or all, leader, or follower.</param>
    /// <returns>Null when there is no such node.</returns>
    public async Task<IReadOnlyList<ControllerReply>?> AskAsync(string target, CallerRequest request)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(request);
        if (Is(target, All) || target == "E") return await caller.AskAsync(nodes.Addresses, request, timeout);
        if (Is(target, LeaderName)) return await AskLeaderAsync(request);
        if (Is(target, Follower)) return await FollowerAsync() is { } follower ? await caller.AskAsync(follower, request, timeout) : [];
        return nodes.Find(target) is { } node ? await caller.AskAsync(node, request, timeout) : null;
    }

    /// <summary>
    /// Whoever does not lead says who does, and is asked there. A question that changes nothing, or has a ticket, is asked again
    /// when nobody answers; any other one only until it was sent to a leader once.
    /// </summary>
    private async Task<IReadOnlyList<ControllerReply>> AskLeaderAsync(CallerRequest request)
    {
        var deadline = DateTime.UtcNow + timeout;
        var mayRepeat = request.Ticket is not null || RequestWords.KindOf(request.Request) is
            RequestKind.LeaderInfo or RequestKind.Retrieve or RequestKind.GetLog or RequestKind.Status or RequestKind.Ping;
        var isOrder = !mayRepeat && RequestWords.KindOf(request.Request) != RequestKind.Store;
        IReadOnlyList<ControllerReply> replies = [];
        while (DateTime.UtcNow < deadline)
        {
            if (await WhoLeadsAsync() is { } leader && nodes.Find(leader) is { } address)
            {
                var left = deadline - DateTime.UtcNow;
                replies = await caller.AskAsync(address, request, mayRepeat && left > LookMax ? Shorter(left, 2 * LookMax) : Shorter(left, timeout));
                var isRedirect = replies is [{ Leader: not null }] && RequestWords.KindOf(request.Request) != RequestKind.LeaderInfo;
                if (isOrder || (replies.Count > 0 && !isRedirect) || (replies.Count == 0 && !mayRepeat)) return replies;
            }

            await Task.Delay(Between);
        }

        return replies;
    }

    private async Task<IPEndPoint?> FollowerAsync()
    {
        var replies = await caller.AskAsync(nodes.Addresses, new CallerRequest("LEADER_INFO"), Shorter(LookMax, timeout));
        return replies.FirstOrDefault(reply => reply.Leader is { } leader && !DialectNames.Match(nodes.NameOf(reply.From), leader))?.From;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? (one > TimeSpan.Zero ? one : TimeSpan.FromMilliseconds(1)) : other;

    private static bool Is(string target, string name) => target.Equals(name, StringComparison.OrdinalIgnoreCase);
}
