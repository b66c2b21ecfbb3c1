using System.Globalization;
using System.Text.Json;
using Balsa.Adapters.Calling;

namespace Balsa.Cli.Commands.Controllers;

/// <summary>An answer of a node as part of our own JSON.</summary>
internal static class ReplyJson
{
    internal static void Write(Utf8JsonWriter writer, ControllerReply reply, string node)
    {
        writer.WriteString("node", node);
        writer.WriteString("from", $"{reply.From}");
        writer.WriteString("at", reply.At.ToString("O", CultureInfo.InvariantCulture));
        if (reply.Request.Length > 0)
        {
            writer.WritePropertyName("reply");
            writer.WriteRawValue(reply.Raw);
        }
        else writer.WriteString("raw", reply.Raw);
    }

    internal static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<ControllerReply> replies, ControllerSession session)
    {
        writer.WriteStartArray("replies");
        foreach (var reply in replies)
        {
            writer.WriteStartObject();
            Write(writer, reply, session.Nodes.NameOf(reply.From));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
