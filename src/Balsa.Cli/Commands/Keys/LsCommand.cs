using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa ls`: the keys that begin with a prefix, without their values.</summary>
internal static class LsCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var prefix = new Argument<string>("prefix")
        {
            Description = "How the keys begin; all of them without it.", DefaultValueFactory = _ => "",
        };
        var consistency = KeyOptions.Consistency();
        var (limit, revision) = (KeyOptions.Limit(), KeyOptions.Revision());
        var command = new CliCommand("ls", "Lists keys in their order.", "balsa ls", "balsa ls /shop/", "balsa ls /shop/ --revision 120");
        command.Arguments.Add(prefix);
        command.Options.Add(revision);
        command.Options.Add(limit);
        command.Options.Add(consistency);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var request = new ClientRequest
            {
                Op = ClientOperation.List, IsPrefix = true, Key = Encoding.UTF8.GetBytes(parsed.GetValue(prefix) ?? ""),
                Consistency = parsed.GetValue(consistency), Limit = parsed.GetValue(limit), Revision = parsed.GetValue(revision),
            };
            return call.Run(parsed, request, KeyList.Print);
        });
        return command;
    }
}
