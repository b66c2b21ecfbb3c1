using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>Members and changes of them as text and as JSON.</summary>
internal static class MemberText
{
    internal static int PrintList(Output output, NodeStatus status)
    {
        string[][] rows =
        [
            ["ID", "NAME", "ROLE", "PEER", "CLIENT"],
            .. status.Members.Select(member => (string[])
            [
                $"{member.Id}", member.Name, member.Client.Length == 0 ? $"{member.Role}, unstarted" : member.Role, member.Peer, member.Client,
            ]),
        ];
        // As wide as what stands in them: names and addresses have no length that would fit all.
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows) output.Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());

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
