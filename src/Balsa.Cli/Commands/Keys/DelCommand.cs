using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa del`: removes a key.</summary>
internal static class DelCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var key = new Argument<string>("key") { Description = "Which key." };
        var command = new CliCommand("del", "Removes a key.", "balsa del hello");
        command.Arguments.Add(key);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(key);
            var request = new ClientRequest { Op = ClientOperation.Delete, Key = Encoding.UTF8.GetBytes(name) };
            return call.Run(parsed, request, (output, response) => Print(output, name, response));
        });
        return command;
    }

    private static int Print(Output output, string key, ClientResponse response)
    {
        if (!response.Existed)
        {
            return output.Fail(
                new Problem($"there is no key {key}.", $"Revision {response.Revision} does not hold it, so nothing was removed.",
                    "balsa ls") { Code = "E0302" },
                ExitCode.NotFound);
        }

        output.Line($"del {key}  revision {response.Revision}");
        output.Object(writer =>
        {
            writer.WriteString("outcome", response.Outcome);
            writer.WriteString("key", key);
            writer.WriteNumber("revision", response.Revision);
        });
        return ExitCode.Done;
    }
}
