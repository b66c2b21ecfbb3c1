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
        var command = new CliCommand(
            "put", "Stores a value under a key.", "balsa put hello world", "balsa put /files/a @notes.txt", "balsa put /files/a -",
            "balsa put /seat/12A ann --if-absent", "balsa put /seat/12A ann --if-revision 9981 --previous");
        var key = KeyOptions.AddKey(command, "Where to store.");
        var value = ValueSource.Argument();
        var ifAbsent = KeyOptions.Flag("Only if the key is not there.", "--if-absent");
        var ifRevision = new Option<long?>("--if-revision")
        {
            Description = "Only if the key was last changed at this revision; 0 means that it is not there.", HelpName = "N",
        };
        NumberRange.AtLeast(ifRevision, 0);
        var previous = KeyOptions.Previous();
        command.Arguments.Add(value);
        foreach (var option in (Option[])[ifAbsent, ifRevision, previous]) command.Options.Add(option);
        command.Validators.Add(given =>
        {
            if (given.GetResult(ifRevision) is { Implicit: false } && given.GetValue(ifAbsent))
                given.AddError("--if-absent and --if-revision exclude each other.");
        });
        call.AddOptions(command);
        command.SetAction(parsed => Writes.Put(call, parsed, "put", new ClientRequest
        {
            Op = ClientOperation.Put, Key = Encoding.UTF8.GetBytes(parsed.GetRequiredValue(key)), WithValues = parsed.GetValue(previous),
            IfRevision = parsed.GetValue(ifAbsent) ? 0 : parsed.GetValue(ifRevision),
        }, parsed.GetRequiredValue(value)));
        return command;
    }
}
