using System.Globalization;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>The state of a cluster for people: a sentence, what each member believes, and what can be done about the rest.</summary>
internal static class StatusPage
{
    /// <param name="output">Where.</param>
    /// <param name="view">What the members said.</param>
    /// <param name="isDev">Its nodes can be started again with `balsa fault`.</param>
    public static void Print(Output output, ClusterView view, bool isDev)
    {
        foreach (var line in Lines(view)) output.Line(line);
        var repairs = Repairs(view, isDev).ToList();
        if (repairs.Count > 0) output.Line();
        foreach (var line in repairs) output.Line($"  {line}");
    }

    /// <summary>The sentence, who leads, and the table.</summary>
    public static IEnumerable<string> Lines(ClusterView view)
    {
        yield return Sentence(view);
        yield return view.Leader is { } leader
            ? string.Create(CultureInfo.InvariantCulture,
                $"  leader {leader.Name}, term {leader.Term} · revision {leader.Revision} · log {leader.LogBytes / 1024.0:0.0} kB")
            : $"  no member says that it leads; the newest term is {view.Term}";
        yield return "";
        yield return Row(" ", "MEMBER", "ROLE", "TERM", "BELIEVES", "APPLIED", "LAG", "HEARD", "UP", "CLIENT");
        foreach (var member in view.Members) yield return LineOf(view, member);
    }

    public static string Sentence(ClusterView view)
    {
        var mark = view.Health switch { "healthy" => "✓", "degraded" => "▲", "unknown" => "?", _ => "✕" };
        return $"{mark} {view.Health}   {Facts(view)}";
    }

    /// <summary>What the word for the health rests on.</summary>
    public static string Facts(ClusterView view)
    {
        var writes = view.WritesWork ? "writes work"
            : view.Health == "unknown" ? "nobody here can say whether writes work" : "writes do not work";
        return $"{view.Answers.Count} of {view.Members.Count} members up · "
            + $"{view.FailuresTolerated} more failure{(view.FailuresTolerated == 1 ? "" : "s")} tolerated · {writes}";
    }

    /// <summary>Entries that this member has yet to apply.</summary>
    public static ulong LagOf(ClusterView view, NodeStatus node) =>
        view.Leader is { } leader && leader.AppliedIndex > node.AppliedIndex ? leader.AppliedIndex - node.AppliedIndex : 0;

    /// <summary>For each member that is not well, why, and what to type.</summary>
    private static IEnumerable<string> Repairs(ClusterView view, bool isDev)
    {
        foreach (var alarm in view.Alarms)
        {
            yield return $"alarm {alarm}";
            yield return alarm.StartsWith("NOSPACE", StringComparison.Ordinal)
                ? "    make room    balsa compact, then etcdctl alarm disarm"
                : "    compare      members differ about the state; replace the wrong one, then etcdctl alarm disarm";
        }

        foreach (var member in view.Members)
        {
            if (!view.Answers.TryGetValue(member.Id, out var node))
            {
                var problem = view.Silent.GetValueOrDefault(member.Client, "no answer");
                yield return $"{member.Name}: {problem} at {member.Client}";
                // A process that sleeps still takes connections; one that is gone refuses them.
                if (isDev && problem != ClusterClient.Refused) yield return $"    wake it      balsa fault resume {member.Name}";
                yield return isDev
                    ? $"    start it     balsa fault restart {member.Name}"
                    : "    start it     with the flags and the data directory it had; if it refuses: balsa doctor data DIR";
                continue;
            }

            if (node.Aside is { } why) yield return $"{member.Name} is set aside and serves nobody: {why}";
            if (node.SkipCommand is { } skip) yield return $"    leave it out, if no build can apply it, on a majority: {skip}";
            if (node.Repairing) yield return $"{member.Name} fetches from the others what damage took; it does not count meanwhile";
            if (!node.Isolated) continue;
            yield return $"{member.Name} is cut off from the other members on purpose";
            yield return $"    mend it      balsa fault heal {member.Name}";
        }
    }

    private static string LineOf(ClusterView view, MemberStatus member)
    {
        if (!view.Answers.TryGetValue(member.Id, out var node))
            return Row("✕", member.Name, "down", "–", "–", "–", "–", HeardOf(view, member.Id), "–", member.Client);
        var mark = node == view.Leader ? "★" : node.Role == "Candidate" ? "◐" : node.Aside is null ? "●" : "▲";
        var up = TimeSpan.FromSeconds((long)node.UptimeSeconds).ToString("c", CultureInfo.InvariantCulture);
        var believes = node.Leader.Length > 0 ? node.Leader : "nobody";
        var role = node.Aside is not null ? "set aside" : node.Role.ToLowerInvariant();
        return Row(
            mark, member.Name, role, $"{node.Term}", believes, $"{node.AppliedIndex}", $"{LagOf(view, node)}", HeardOf(view, member.Id), up,
            member.Client);
    }

    /// <summary>How long ago the leader heard from it.</summary>
    private static string HeardOf(ClusterView view, ulong id)
    {
        if (view.Leader?.Followers.FirstOrDefault(follower => follower.Id == id) is not { } follower) return "–";
        return follower.HeardMs < 10_000
            ? string.Create(CultureInfo.InvariantCulture, $"{follower.HeardMs:0} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{follower.HeardMs / 1000:0} s");
    }

    private static string Row(
        string mark, string name, string role, string term, string believes, string applied, string lag, string heard, string up,
        string client) =>
        $"  {mark} {name,-8}{role,-13}{term,6}  {believes,-9}{applied,10}{lag,7}  {heard,8}  {up,8}  {client}";
}
