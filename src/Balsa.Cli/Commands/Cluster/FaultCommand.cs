using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa fault`: breaks a node of the dev cluster, and mends it.</summary>
internal static class FaultCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "fault", "Breaks and mends nodes of the dev cluster.", "balsa fault kill leader", "balsa fault isolate follower", "balsa fault restart all");
        (string Name, string Summary)[] faults =
        [
            ("kill", "Kills a node at once, as a crash would."),
            ("pause", "Lets a node sleep in the middle of its work; its connections stay open."),
            ("resume", "Wakes a node that was paused."),
            ("restart", "Stops a node if it runs, and starts it again with the data it has."),
            ("isolate", "Cuts a node off from the other nodes; clients still reach it."),
            ("heal", "Lets a node that was cut off hear the others again."),
        ];
        foreach (var (name, summary) in faults) command.Subcommands.Add(Create(name, summary, $"balsa fault {name} n2", results, messages));
        return command;
    }

    private static CliCommand Create(string op, string summary, string example, TextWriter results, TextWriter messages)
    {
        var node = new Argument<string>("node") { Description = "Its name, or leader, follower, all." };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(op, summary, example);
        command.Arguments.Add(node);
        command.Options.Add(json);
        command.SetAction(parsed =>
            RunAsync(op, parsed.GetRequiredValue(node), new Output(results, messages, parsed.GetValue(json))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(string op, string node, Output output)
    {
        var response = DevContext.Read() is { } context ? await DevControl.AskAsync(context, op, node, Longest) : null;
        if (response is null)
        {
            var problem = new Problem(
                "no dev cluster is running.", "Faults can be made only in a cluster that `balsa dev` started.", "balsa dev");
            return output.Fail(problem, ExitCode.Unreachable);
        }

        if (!response.Done)
            return output.Fail(new Problem($"{op} {node} was not done.", response.Message + ".", "balsa status"), ExitCode.Failed);
        output.Line(response.Message);
        output.Object(writer =>
        {
            writer.WriteString("message", response.Message);
            if (response.GapMs > 0) writer.WriteNumber("gapMs", Math.Round(response.GapMs, 1));
            if (response.Lost is { } lost) writer.WriteNumber("lost", lost);
            if (response.Checked is { } looked) writer.WriteNumber("checked", looked);
        });
        return ExitCode.Done;
    }
}
