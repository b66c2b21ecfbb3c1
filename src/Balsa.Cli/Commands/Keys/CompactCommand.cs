using System.CommandLine;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa compact`: forgets what the keys were before a revision. What they are now is not touched.</summary>
internal static class CompactCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var revision = new Argument<long>("revision") { Description = "The oldest revision that shall stay readable." };
        NumberRange.AtLeast(revision, 1);
        var command = new CliCommand(
            "compact", "Forgets what keys were before a revision, to win room.", "balsa compact 9000", "balsa compact 9000 --json");
        command.Arguments.Add(revision);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var request = new ClientRequest { Op = ClientOperation.Compact, Revision = parsed.GetValue(revision) };
            return call.Run(parsed, request, (output, response) => Print(output, request.Revision, response));
        });
        return command;
    }

    private static int Print(Output output, long compacted, ClientResponse response)
    {
        output.Line($"compact {compacted}  (what was before revision {compacted} is gone; the newest is {response.Revision})");
        output.Object(writer =>
        {
            writer.WriteString("outcome", response.Outcome);
            writer.WriteNumber("compacted", compacted);
            writer.WriteNumber("storeRevision", response.Revision);
        });
        return ExitCode.Done;
    }
}
