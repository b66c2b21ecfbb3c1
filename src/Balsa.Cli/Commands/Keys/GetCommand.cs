using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa get`: a value, or all under a prefix, now or at an earlier revision. A majority confirms it unless --stale.</summary>
internal static class GetCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var command = new CliCommand(
            "get", "Shows the value of a key, or all keys under a prefix.", "balsa get hello", "balsa get -p /shop/",
            "balsa get /shop/limits --revision 120", "balsa get hello --stale --json",
            "balsa get hello --consistency lease --json");
        var prefix = KeyOptions.Prefix();
        var stale = KeyOptions.Flag("Take what one member has, without asking a majority.", "--stale");
        var consistency = KeyOptions.Consistency();
        var (revision, limit) = (KeyOptions.Revision(), KeyOptions.Limit());
        var key = KeyOptions.AddKey(command, "Which key; how the keys begin with --prefix.", prefix);
        foreach (var option in (Option[])[prefix, revision, stale, consistency, limit]) command.Options.Add(option);
        command.Validators.Add(given =>
        {
            if (given.GetResult(limit) is { Implicit: false } && !given.GetValue(prefix)) given.AddError("--limit needs --prefix.");
            if (given.GetValue(stale) && given.GetValue(consistency) is not (null or ReadConsistencyText.Local))
                given.AddError("--stale is --consistency local; say one of them.");
        });
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(key);
            var many = parsed.GetValue(prefix);
            var request = new ClientRequest
            {
                Op = many ? ClientOperation.List : ClientOperation.Get, Key = Encoding.UTF8.GetBytes(name),
                IsPrefix = many, WithValues = many, Revision = parsed.GetValue(revision),
                Local = parsed.GetValue(stale), Consistency = parsed.GetValue(consistency),
                Limit = parsed.GetValue(limit),
            };
            return call.Run(parsed, request, (output, response) =>
                many ? KeyList.Print(output, response) : Print(output, name, request.Revision, response));
        });
        return command;
    }

    private static int Print(Output output, string name, long asked, ClientResponse response)
    {
        if (response.Values is not [var found, ..])
        {
            var key = KeyText.Quote(name);
            var revision = asked > 0 ? asked : response.Revision;
            return output.Fail(
                new Problem($"there is no key {key}.", $"Revision {revision} does not hold it.", "balsa ls", $"balsa put {key} VALUE")
                {
                    Code = ClientError.NoSuchKey,
                },
                ExitCode.NotFound);
        }

        output.Line(KeyText.Show(found.Value ?? []));
        // A pipe takes the value alone; somebody who looks wants to know how new it is.
        if (!output.IsJson && !Console.IsOutputRedirected) output.Message($"  revision {found.Revision}, version {found.Version}");
        output.Object(writer =>
        {
            KeyText.Write(writer, found);
            writer.WriteNumber("storeRevision", response.Revision);
            writer.WriteString("consistency", response.Served);
        });
        return ExitCode.Done;
    }
}
