using System.Globalization;
using System.Text.Json;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>The state of a cluster for programs. Keys are only added.</summary>
internal static class StatusJson
{
    public static void Write(Utf8JsonWriter writer, ClusterView view)
    {
        writer.WriteString("schema", "balsa.status/1");
        writer.WriteString("health", view.Health);
        writer.WriteNumber("failuresTolerated", view.FailuresTolerated);
        writer.WriteBoolean("writesWork", view.WritesWork);
        writer.WriteString("leader", view.Leader?.Name);
        writer.WriteNumber("term", view.Term);
        if (view.Answers.Count > 0) writer.WriteNumber("revision", view.Answers.Values.Max(node => node.Revision));
        writer.WriteStartArray("alarms");
        foreach (var alarm in view.Alarms) writer.WriteStringValue(alarm);
        writer.WriteEndArray();
        writer.WriteStartArray("members");
        foreach (var member in view.Members)
        {
            writer.WriteStartObject();
            Write(writer, view, member);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ClusterView view, MemberStatus member)
    {
        writer.WriteString("name", member.Name);
        writer.WriteString("id", member.Id.ToString("x", CultureInfo.InvariantCulture));
        writer.WriteBoolean("up", view.Answers.ContainsKey(member.Id));
        writer.WriteString("client", member.Client);
        writer.WriteString("peer", member.Peer);
        if (!view.Answers.TryGetValue(member.Id, out var node))
        {
            writer.WriteString("problem", view.Silent.GetValueOrDefault(member.Client, "no answer"));
            return;
        }

        writer.WriteString("role", node.Role.ToLowerInvariant());
        writer.WriteNumber("term", node.Term);
        writer.WriteString("believes", node.Leader);
        writer.WriteNumber("commit", node.CommitIndex);
        writer.WriteNumber("applied", node.AppliedIndex);
        writer.WriteNumber("durable", node.DurableIndex);
        writer.WriteNumber("revision", node.Revision);
        writer.WriteNumber("lag", StatusPage.LagOf(view, node));
        writer.WriteNumber("logBytes", node.LogBytes);
        writer.WriteNumber("snapshot", node.SnapshotIndex);
        writer.WriteNumber("logBase", node.LogBase);
        writer.WriteNumber("uptimeSeconds", Math.Round(node.UptimeSeconds, 3));
        writer.WriteString("aside", node.Aside);
        writer.WriteString("skipCommand", node.SkipCommand);
        writer.WriteBoolean("repairing", node.Repairing);
        writer.WriteBoolean("isolated", node.Isolated);
        writer.WriteNumber("pid", node.Pid);
        writer.WriteNumber("boot", node.Boot);
    }
}
