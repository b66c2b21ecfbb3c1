using System.Text.Json;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Controller;

/// <summary>The five fields of the controller protocol, and behind them what there is beside.</summary>
internal sealed class UnicastForm(string sender, DialectOptions options) : ReplyForm(options)
{
    protected override string EntryText(StoredEntry entry, bool isShortened) => EntryOf(Options.EntryKeys, entry, isShortened);

    protected override void WriteFields(Utf8JsonWriter writer, Reply reply, string value, (int Part, int Parts)? part)
    {
        writer.WriteString("sender_name", sender);
        writer.WriteString("request", reply.Request);
        if (reply.Term is { } term) writer.WriteNumber("term", term);
        else writer.WriteNull("term");
        writer.WritePropertyName("key");
        writer.WriteRawValue(reply.Key);
        writer.WritePropertyName("value");
        writer.WriteRawValue(value, skipInputValidation: true);
        if (reply.Success is { } success) writer.WriteBoolean("success", success);
        if (reply.Error is { } error) writer.WriteString("error", error);
        if (reply.Index is { } index) writer.WriteNumber("index", index);
        if (reply.Counter is { } counter) writer.WriteNumber("counter", counter);
        WriteRest(writer, reply, part);
    }
}
