using System.Globalization;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa status`: the health of the cluster in a sentence, and what each member believes.</summary>
internal static class StatusCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var check = new System.CommandLine.Option<bool>("--check") { Description = "Exit code 8 when degraded, 4 without a quorum." };
        var command = new CliCommand(
            "status", "Shows whether the cluster works, and what each member believes.", "balsa status", "balsa status --check --json");
        command.Options.Add(check);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var output = call.OutputOf(parsed);
            if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
            var view = ClusterView.LookAsync(endpoints, call.TimeoutOf(parsed)).GetAwaiter().GetResult();
            if (view.Members.Count == 0)
            {
                return output.Fail(
                    new Problem(
                        "no member of the cluster can be reached, so its health is unknown.", $"Tried {string.Join(", ", endpoints)}.",
                        "balsa dev", "balsa status --endpoints IP:PORT") { Code = "E0201" },
                    ExitCode.Unreachable);
            }

            Print(output, view);
            PrintObject(output, view);
            if (!parsed.GetValue(check) || view.Health == "healthy") return ExitCode.Done;
            return view.Health == "degraded" ? ExitCode.Degraded : ExitCode.NoQuorum;
        });
        return command;
    }

    public static void Print(Output output, ClusterView view)
    {
        var writes = view.WritesWork ? "writes work" : "writes do not work";
        var mark = view.Health switch { "healthy" => "✓", "degraded" => "▲", _ => "✕" };
        output.Line(
            $"{mark} {view.Health}   {view.Answers.Count} of {view.Members.Count} members up · "
            + $"{view.FailuresTolerated} more failure{(view.FailuresTolerated == 1 ? "" : "s")} tolerated · {writes}");
        output.Line();
        output.Line(Row(" ", "MEMBER", "ROLE", "TERM", "BELIEVES", "APPLIED", "LAG", "LOG", "UP", "CLIENT"));
        foreach (var member in view.Members) output.Line(LineOf(view, member));
    }

    private static string LineOf(ClusterView view, MemberStatus member)
    {
        if (!view.Answers.TryGetValue(member.Id, out var node))
            return Row("✕", member.Name, "down", "–", "–", "–", "–", "–", "–", member.Client);
        var mark = node == view.Leader ? "★" : "●";
        var lag = view.Leader is { } leader && leader.AppliedIndex > node.AppliedIndex ? leader.AppliedIndex - node.AppliedIndex : 0;
        var log = string.Create(CultureInfo.InvariantCulture, $"{node.LogBytes / 1024.0:0.0} kB");
        var up = TimeSpan.FromSeconds((long)node.UptimeSeconds).ToString("c", CultureInfo.InvariantCulture);
        var believes = node.Leader.Length > 0 ? node.Leader : "nobody";
        return Row(
            mark, member.Name, node.Role.ToLowerInvariant(), $"{node.Term}", believes, $"{node.AppliedIndex}", $"{lag}", log, up,
                member.Client);
    }

    private static string Row(
        string mark, string name, string role, string term, string believes, string applied, string lag, string log, string up,
            string client) =>
        $"  {mark} {name,-8}{role,-13}{term,6}  {believes,-9}{applied,10}{lag,6}  {log,10}  {up,8}  {client}";

    private static void PrintObject(Output output, ClusterView view) => output.Object(writer =>
    {
        writer.WriteString("schema", "balsa.status/1");
        writer.WriteString("health", view.Health);
        writer.WriteNumber("failuresTolerated", view.FailuresTolerated);
        writer.WriteBoolean("writesWork", view.WritesWork);
        writer.WriteString("leader", view.Leader?.Name);
        writer.WriteNumber("term", view.Answers.Values.Select(node => node.Term).DefaultIfEmpty().Max());
        writer.WriteStartArray("members");
        foreach (var member in view.Members)
        {
            var up = view.Answers.TryGetValue(member.Id, out var node);
            writer.WriteStartObject();
            writer.WriteString("name", member.Name);
            writer.WriteString("id", member.Id.ToString("x", CultureInfo.InvariantCulture));
            writer.WriteBoolean("up", up);
            writer.WriteString("client", member.Client);
            writer.WriteString("peer", member.Peer);
            if (up)
            {
                writer.WriteString("role", node!.Role.ToLowerInvariant());
                writer.WriteNumber("term", node.Term);
                writer.WriteString("believes", node.Leader);
                writer.WriteNumber("commit", node.CommitIndex);
                writer.WriteNumber("applied", node.AppliedIndex);
                writer.WriteNumber("durable", node.DurableIndex);
                writer.WriteNumber("logBytes", node.LogBytes);
                writer.WriteNumber("pid", node.Pid);
                writer.WriteNumber("boot", node.Boot);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
