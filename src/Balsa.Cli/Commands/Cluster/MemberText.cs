using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>Members and changes of them as text and as JSON.</summary>
internal static class MemberText
{
    internal static int PrintList(Output output, NodeStatus status)
    {
        output.Line($"{"ID",-6}{"NAME",-16}{"ROLE",-29}{"PEER",-24}{"CLIENT",-24}");
        foreach (var member in status.Members)
        {
            var role = member.Client.Length == 0 ? $"{member.Role}, unstarted" : member.Role;
            output.Line($"{member.Id,-6}{member.Name,-16}{role,-29}{member.Peer,-24}{member.Client,-24}".TrimEnd());
        }

        output.Object(writer =>
        {
            writer.WriteString("cluster", status.Cluster);
            writer.WriteStartArray("members");
            foreach (var member in status.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("id", $"{member.Id}");
                writer.WriteString("name", member.Name);
                writer.WriteString("role", member.Role);
                writer.WriteString("peer", member.Peer);
                writer.WriteString("client", member.Client);
                writer.WriteBoolean("connected", member.Connected);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return ExitCode.Done;
    }

    internal static void PrintStep(Output output, string called, string done, MemberPlan plan, bool dryRun)
    {
        output.Line($"{called} {done}");
        output.Line($"  before: {Quorum(plan.VotersBefore, plan.QuorumBefore)}");
        output.Line($"  after:  {Quorum(plan.VotersAfter, plan.QuorumAfter)}");
        output.Object(writer =>
        {
            writer.WriteString("id", $"{plan.Id}");
            writer.WriteString("name", plan.Name);
            writer.WriteBoolean("dryRun", dryRun);
            WriteQuorum(writer, "before", plan.VotersBefore, plan.QuorumBefore);
            WriteQuorum(writer, "after", plan.VotersAfter, plan.QuorumAfter);
        });
    }

    private static string Quorum(IReadOnlyList<string> voters, int quorum) =>
        $"quorum {quorum} of {voters.Count} voters ({string.Join(", ", voters)}); {voters.Count - quorum} may fail";

    private static void WriteQuorum(Utf8JsonWriter writer, string name, IReadOnlyList<string> voters, int quorum)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("quorum", quorum);
        writer.WriteStartArray("voters");
        foreach (var voter in voters) writer.WriteStringValue(voter);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
