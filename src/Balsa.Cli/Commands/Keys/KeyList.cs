using Balsa.Cli.Clients;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>Many keys as a table, or as the items of an object.</summary>
internal static class KeyList
{
    private const string Revision = "REVISION";

    /// <summary>Each value that came with its key stands last, because nobody knows how long it is.</summary>
    public static int Print(Output output, ClientResponse response)
    {
        var found = response.Values ?? [];
        PrintTable(output, found);
        if (found.Count == 0) output.Message($"no key begins like that at revision {response.Revision}");
        if (response.More) output.Message($"there are more keys: {response.Count}, of which these are the first {found.Count}");
        output.Object(writer =>
        {
            writer.WriteStartArray("items");
            foreach (var value in found)
            {
                writer.WriteStartObject();
                KeyText.Write(writer, value);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", response.Count);
            writer.WriteBoolean("more", response.More);
            writer.WriteNumber("storeRevision", response.Revision);
            writer.WriteString("consistency", response.Served);
        });
        return ExitCode.Done;
    }

    private static void PrintTable(Output output, IReadOnlyList<ClientValue> found)
    {
        if (output.IsJson || found.Count == 0) return;
        var keys = found.Select(value => KeyText.OneLine(value.Key)).ToArray();
        var width = Math.Max("KEY".Length, keys.Max(key => key.Length));
        var hasValues = found[0].Value is not null;
        output.Line($"{"KEY".PadRight(width)}  {Revision}  {(hasValues ? "VALUE" : "SIZE".PadLeft(12))}");
        for (var i = 0; i < keys.Length; i++)
        {
            var last = hasValues ? KeyText.OneLine(found[i].Value!) : $"{found[i].ValueBytes,10} B";
            output.Line($"{keys[i].PadRight(width)}  {found[i].Revision.ToString().PadLeft(Revision.Length)}  {last}");
        }
    }
}
