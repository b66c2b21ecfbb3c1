using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa put`: stores a value, and says so only when a majority holds it on disk.</summary>
internal static class PutCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var key = new Argument<string>("key") { Description = "Where to store." };
        var value = new Argument<string>("value") { Description = "What to store; - reads it from standard input." };
        var command = new CliCommand("put", "Stores a value under a key.", "balsa put hello world", "balsa put /files/a -");
        command.Arguments.Add(key);
        command.Arguments.Add(value);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(key);
            var request = new ClientRequest
            {
                Op = ClientOperation.Put, Key = Encoding.UTF8.GetBytes(name), Value = ValueOf(parsed.GetRequiredValue(value)),
            };
            return call.Run(parsed, request, (output, response) => Print(output, name, response));
        });
        return command;
    }

    private static byte[] ValueOf(string text)
    {
        if (text != "-") return Encoding.UTF8.GetBytes(text);
        using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        input.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static int Print(Output output, string key, ClientResponse response)
    {
        output.Line($"put {key}  revision {response.Revision}  ({(response.Existed ? "changed" : "created")})");
        output.Object(writer =>
        {
            writer.WriteString("outcome", response.Outcome);
            writer.WriteString("key", key);
            writer.WriteNumber("revision", response.Revision);
            writer.WriteBoolean("created", !response.Existed);
        });
        return ExitCode.Done;
    }
}
