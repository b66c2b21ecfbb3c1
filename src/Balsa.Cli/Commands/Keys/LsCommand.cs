using System.CommandLine;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>`balsa ls`: the keys that begin with a prefix.</summary>
internal static class LsCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var call = new ClientCall(results, messages);
        var prefix = new Argument<string>("prefix")
        {
            Description = "How the keys begin; all of them without it.", DefaultValueFactory = _ => "",
        };
        var limit = new Option<int>("--limit") { Description = "At most this many.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        NumberRange.Limit(limit, 1, 10_000);
        var command = new CliCommand("ls", "Lists keys in their order.", "balsa ls", "balsa ls /shop/");
        command.Arguments.Add(prefix);
        command.Options.Add(limit);
        call.AddOptions(command);
        command.SetAction(parsed =>
        {
            var request = new ClientRequest
            {
                Op = ClientOperation.List, IsPrefix = true, Key = Encoding.UTF8.GetBytes(parsed.GetValue(prefix) ?? ""), Limit = parsed.GetValue(limit),
            };
            return call.Run(parsed, request, Print);
        });
        return command;
    }

    private static int Print(Output output, ClientResponse response)
    {
        var values = response.Values ?? [];
        var width = values.Count == 0 ? 3 : values.Max(value => KeyText.Show(value.Key).Length);
        output.Line($"{"KEY".PadRight(width)}  {"SIZE",10}  {"REVISION",10}");
        foreach (var value in values)
            output.Line($"{KeyText.Show(value.Key).PadRight(width)}  {value.ValueBytes,8} B  {value.Revision,10}");
        if (response.More) output.Message($"there are more keys; showing the first {values.Count}");
        output.Object(writer =>
        {
            writer.WriteStartArray("items");
            foreach (var value in values)
            {
                writer.WriteStartObject();
                KeyText.Write(writer, "key", value.Key);
                writer.WriteNumber("bytes", value.ValueBytes);
                writer.WriteNumber("revision", value.Revision);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteBoolean("more", response.More);
            writer.WriteNumber("storeRevision", response.Revision);
        });
        return ExitCode.Done;
    }
}
