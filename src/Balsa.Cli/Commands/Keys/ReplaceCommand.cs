using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa replace`: stores a value under a key that must be there.</summary>
internal static class ReplaceCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var command = new CliCommand(
            "replace", "Stores a value under a key that is there already.", "balsa replace hello moon",
            "balsa replace /files/a @notes.txt --previous");
        var key = KeyOptions.AddKey(command, "Which key.");
        var value = ValueSource.Argument();
        var previous = KeyOptions.Previous();
        command.Arguments.Add(value);
        command.Options.Add(previous);
        call.AddOptions(command);
        command.SetAction(parsed => Writes.Put(call, parsed, "replace", new ClientRequest
        {
            Op = ClientOperation.Put, Key = Encoding.UTF8.GetBytes(parsed.GetRequiredValue(key)), WithValues = parsed.GetValue(previous),
            MustExist = true,
        }, parsed.GetRequiredValue(value)));
        return command;
    }
}
