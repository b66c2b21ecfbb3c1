using System.CommandLine;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa leader move`: gives leadership to a chosen member.</summary>
internal static class LeaderCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand("leader", "Shows who leads, or moves leadership.", "balsa leader", "balsa leader move n2");
        var call = new ClientCall(results, messages);
        call.AddOptions(command);
        command.SetAction(parsed => Show(call, parsed));
        command.Subcommands.Add(CreateMove(results, messages));
        return command;
    }

    private static CliCommand CreateMove(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var node = new Argument<string>("node") { Description = "The member that shall lead." };
        var command = new CliCommand("move", "Hands leadership to a member that is level with the leader.", "balsa leader move n2");
        command.Arguments.Add(node);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var output = call.OutputOf(parsed);
            if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
            var name = parsed.GetRequiredValue(node);
            var view = ClusterView.LookAsync(endpoints, call.TimeoutOf(parsed)).GetAwaiter().GetResult();
            if (view.Members.Count > 0 && view.Members.FirstOrDefault(member => member.Name == name) is null)
            {
                return output.Fail(
                    new Problem($"there is no member {name}.",
                        $"There are {string.Join(", ", view.Members.Select(member => member.Name))}.", "balsa status"),
                    ExitCode.Usage);
            }

            var target = view.Members.FirstOrDefault(member => member.Name == name)?.Id ?? 0;
            if (view.Leader?.Id == target && target != 0) return Print(output, name, "leads already");
            return call.Run(parsed, new ClientRequest { Op = ClientOperation.MoveLeader, Target = target }, (_, _) =>
                Print(output, name, "leads now"));
        });
        return command;
    }

    private static int Show(ClientCall call, ParseResult parsed)
    {
        var output = call.OutputOf(parsed);
        if (call.EndpointsOf(parsed) is not { } endpoints) return ClientCall.BadEndpoints(output);
        var view = ClusterView.LookAsync(endpoints, call.TimeoutOf(parsed)).GetAwaiter().GetResult();
        if (view.Members.Count == 0) return StatusCommand.Unreachable(output, endpoints);
        if (view is not { WritesWork: true, Leader: { } leader })
        {
            return output.Fail(
                new Problem(
                    "no member leads a majority.", $"The cluster is {view.Health}: {StatusPage.Facts(view)}.", "balsa status",
                    "balsa wait --leader")
                {
                    Code = ClientError.NoLeader,
                },
                ExitCode.NoQuorum);
        }

        output.Line($"{leader.Name}  term {leader.Term}");
        output.Object(writer =>
        {
            writer.WriteString("leader", leader.Name);
            writer.WriteNumber("term", leader.Term);
        });
        return ExitCode.Done;
    }

    private static int Print(Output output, string name, string what)
    {
        output.Line($"{name} {what}");
        output.Object(writer => writer.WriteString("leader", name));
        return ExitCode.Done;
    }
}
