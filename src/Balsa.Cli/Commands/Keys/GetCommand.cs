using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa get`: the value of a key, as of now: a majority confirms it unless --stale.</summary>
internal static class GetCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var key = new Argument<string>("key") { Description = "Which key." };
        var stale = new Option<bool>("--stale") { Description = "Take what one member has, without asking a majority." };
        var command = new CliCommand("get", "Shows the value of a key.", "balsa get hello", "balsa get hello --json");
        command.Arguments.Add(key);
        command.Options.Add(stale);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(key);
            var request = new ClientRequest
            {
                Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes(name), Local = parsed.GetValue(stale),
            };
            return call.Run(parsed, request, (output, response) => Print(output, name, response));
        });
        return command;
    }

    private static int Print(Output output, string key, ClientResponse response)
    {
        if (response.Values is not [var found, ..])
        {
            return output.Fail(
                new Problem($"there is no key {key}.", $"Revision {response.Revision} does not hold it.", "balsa ls",
                    $"balsa put {key} VALUE") { Code = "E0302" },
                ExitCode.NotFound);
        }

        output.Line(KeyText.Show(found.Value ?? []));
        output.Object(writer =>
        {
            KeyText.Write(writer, "key", found.Key);
            KeyText.Write(writer, "value", found.Value ?? []);
            writer.WriteNumber("revision", found.Revision);
            writer.WriteNumber("created", found.Created);
            writer.WriteNumber("version", found.Version);
            writer.WriteNumber("storeRevision", response.Revision);
        });
        return ExitCode.Done;
    }
}
