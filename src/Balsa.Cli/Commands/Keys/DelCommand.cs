using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa del`: removes a key, or all under a prefix, which it does not do by surprise.</summary>
internal static class DelCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var command = new CliCommand(
            "del", "Removes a key, or all keys under a prefix.", "balsa del hello", "balsa del -p /shop/", "balsa del -p /shop/ --yes");
        var prefix = KeyOptions.Prefix();
        var yes = KeyOptions.Flag("Do not ask when more than one key would go.", "--yes");
        var key = KeyOptions.AddKey(command, "Which key; how the keys begin with --prefix.", prefix);
        command.Options.Add(prefix);
        command.Options.Add(yes);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var request = new ClientRequest
            {
                Op = ClientOperation.Delete, Key = Encoding.UTF8.GetBytes(parsed.GetRequiredValue(key)), IsPrefix = parsed.GetValue(prefix),
            };
            int Delete() => call.Run(parsed, request, (output, response) => Print(output, request, response));
            if (!request.IsPrefix || parsed.GetValue(yes)) return Delete();
            var count = request with { Op = ClientOperation.List, Limit = 1 };
            return call.Run(parsed, count, (output, response) =>
                response.Count == 0 ? Print(output, request, response) : Refuse(output, request, response.Count) ?? Delete());
        });
        return command;
    }

    /// <summary>Null when it may be done.</summary>
    private static int? Refuse(Output output, ClientRequest request, long count)
    {
        if (count == 1) return null;
        var name = Encoding.UTF8.GetString(request.Key);
        if (Console.IsInputRedirected)
        {
            return output.Fail(
                new Problem(
                    $"{count} keys begin with \"{name}\"; none was removed.",
                    "More than one goes only with --yes where nobody can be asked.",
                    $"balsa del -p {KeyText.Quote(name)} --yes", $"balsa ls {KeyText.Quote(name)}")
                {
                    Outcome = ClientOutcome.NotDone,
                },
                ExitCode.Usage);
        }

        output.Message($"{count} keys begin with \"{name}\". Remove all of them? [y/N]");
        if (Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES") return null;
        output.Message("nothing was removed");
        return ExitCode.Failed;
    }

    private static int Print(Output output, ClientRequest request, ClientResponse response)
    {
        var name = Encoding.UTF8.GetString(request.Key);
        if (response.Count == 0)
        {
            var problem = request.IsPrefix
                ? StoreProblem.Refusal(
                    ClientError.NoSuchKey, $"no key begins with \"{name}\".", $"Revision {response.Revision} holds none; nothing was done.",
                    "balsa ls")
                : StoreProblem.NoSuchKey(KeyText.Quote(name), response.Revision);
            return output.Fail(problem, ExitCode.NotFound);
        }

        var keys = response.Count == 1 ? "1 key" : $"{response.Count} keys";
        output.Line($"del {KeyText.OneLine(request.Key)}  revision {response.Revision}  ({keys} removed)");
        output.Object(writer =>
        {
            writer.WriteString("outcome", response.Outcome);
            KeyText.Write(writer, request.IsPrefix ? "prefix" : "key", request.Key);
            writer.WriteNumber("deleted", response.Count);
            writer.WriteNumber("revision", response.Revision);
        });
        return ExitCode.Done;
    }
}
