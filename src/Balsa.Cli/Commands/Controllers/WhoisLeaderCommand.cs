using Balsa.Adapters.Calling;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>`balsa controller whois-leader`: whom most nodes name.</summary>
internal static class WhoisLeaderCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ControllerCall(results, messages);
        var command = new CliCommand(
            "whois-leader", "Asks all nodes who leads, and says whom most of them name. Ends with 4 when there is none.",
            "balsa controller whois-leader", "balsa controller whois-leader --json");
        call.AddOptions(command);
        command.SetAction(parsed => call.Run(parsed, RunAsync));
        return command;
    }

    private static async Task<int> RunAsync(ControllerSession session, Output output)
    {
        if (await session.WaitForLeaderAsync(session.Timeout) is not { } leader)
        {
            return output.Fail(
                new Problem(
                    "no leader is named by most of the nodes.",
                    $"{string.Join(", ", session.Nodes.Names)} were asked for {session.Timeout.TotalSeconds} s; too few answered, or none led.",
                    "balsa controller send all STATUS"),
                ExitCode.NoQuorum);
        }

        output.Line(leader);
        output.Object(writer => writer.WriteString("leader", leader));
        return ExitCode.Done;
    }
}
