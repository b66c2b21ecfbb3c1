using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Balsa.Adapters.Controller;

namespace Balsa.Adapters.Calling;

/// <summary>What a controller asks.</summary>
/// <param name="Request">The word on the wire.</param>
public sealed record CallerRequest(string Request)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON.</summary>
    public string Key { get; init; } = "null";

    /// <summary>JSON.</summary>
    public string Value { get; init; } = "null";

    /// <summary>For a node whatever it is.</summary>
    public bool IsLocal { get; init; }

    public long? From { get; init; }

    public int? Limit { get; init; }

    public bool WantsAck { get; init; }

    public string? Ticket { get; init; }

    public long? Counter { get; init; }

    /// <summary>A word of a command line: JSON if it is some, otherwise text.</summary>
    public static string ToJson(string word)
    {
        try
        {
            using var document = JsonDocument.Parse(word);
            return document.RootElement.GetRawText();
        }
        catch (JsonException)
        {
            return JsonSerializer.Serialize(word, DialectJson.Default.String);
        }
    }

    /// <param name="recipient">In a group; null for the form between two.</param>
    public byte[] ToBytes(string sender, string? recipient = null)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("sender_name", sender);
            if (recipient is not null) writer.WriteString("recipient", recipient);
            writer.WriteString("request", Request);
            writer.WriteNull("term");
            if (recipient is not null)
                foreach (var name in (ReadOnlySpan<string>)["last_log", "log_length", "role"]) writer.WriteNull(name);
            writer.WritePropertyName("key");
            writer.WriteRawValue(Key);
            writer.WritePropertyName("value");
            writer.WriteRawValue(Value);
            WriteRest(writer);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    public string ToText(string sender, string? recipient = null) => Encoding.UTF8.GetString(ToBytes(sender, recipient));

    private void WriteRest(Utf8JsonWriter writer)
    {
        if (IsLocal) writer.WriteBoolean("local", value: true);
        if (From is { } from) writer.WriteNumber("from", from);
        if (Limit is { } limit) writer.WriteNumber("limit", limit);
        if (WantsAck) writer.WriteBoolean("ack", value: true);
        if (Ticket is { } ticket) writer.WriteString("tid", ticket);
        if (Counter is { } counter) writer.WriteNumber("counter", counter);
    }
}
