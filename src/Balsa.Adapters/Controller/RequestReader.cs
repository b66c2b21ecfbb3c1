using System.Text.Json;
using System.Text.Unicode;

namespace Balsa.Adapters.Controller;

/// <summary>From the bytes of a datagram to a request. Everything may come in here, so nothing is believed and nothing throws.</summary>
public static class RequestReader
{
    private const int DepthMax = 64, TicketMax = 128;
    private static readonly byte[] ByteOrderMark = [0xef, 0xbb, 0xbf];

    public static Flaw Read(ReadOnlyMemory<byte> datagram, out ControllerRequest? request)
    {
        request = null;
        // Programs in C end a text with a zero, some editors begin one with a mark.
        var bytes = datagram.Span.StartsWith(ByteOrderMark) ? datagram[ByteOrderMark.Length..] : datagram;
        bytes = bytes.TrimEnd((byte)0);
        if (!Utf8.IsValid(bytes.Span)) return Flaw.NotJson;
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = DepthMax });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(document.RootElement, out request) : Flaw.NotAnObject;
        }
        catch (JsonException)
        {
            return Flaw.NotJson;
        }
    }

    private static Flaw Read(JsonElement root, out ControllerRequest? request)
    {
        request = null;
        if (WordIn(root) is not { } word) return Flaw.NoRequest;
        if (RequestWords.IsInternal(word)) return Flaw.FromMember;
        if (RequestWords.KindOf(word) is not { } kind) return Flaw.UnknownRequest;
        if (IsAnswer(kind, root)) return Flaw.IsAnswer;
        request = new ControllerRequest(kind)
        {
            Word = word.Trim().ToUpperInvariant(), Sender = Text(root, "sender_name") ?? "", Recipient = Text(root, "recipient"),
            Key = Any(root, "key"), Value = Any(root, "value"), From = Number(root, "from") is { } from ? Math.Max(1, from) : 1,
            Limit = Number(root, "limit") is { } limit ? (int)Math.Clamp(limit, 1, int.MaxValue) : null, IsLocal = IsTrue(root, "local"),
            WantsAck = IsTrue(root, "ack"), Counter = Number(root, "counter"),
            Ticket = Text(root, "tid") is { Length: > 0 and <= TicketMax } ticket ? ticket : null,
        };
        return Flaw.None;
    }

    private static string? WordIn(JsonElement root)
    {
        if (!root.TryGetProperty("request", out var request)) return null;
        if (request.ValueKind == JsonValueKind.Number)
            return request.TryGetInt64(out var number) ? RequestWords.WordOf(number) ?? $"{number}" : null;
        return TextOf(request) is { Length: > 0 } word && request.ValueKind == JsonValueKind.String ? word : null;
    }

    /// <summary>An answer that were answered again would go to and fro between two nodes for ever.</summary>
    private static bool IsAnswer(RequestKind kind, JsonElement root)
    {
        var key = Text(root, "key");
        return kind switch
        {
            RequestKind.LeaderInfo => key == ReplyKeys.Leader,
            RequestKind.Retrieve or RequestKind.GetLog => Any(root, "value").ValueKind == JsonValueKind.Array,
            RequestKind.Status => key == ReplyKeys.NodeInfo,
            _ => false,
        } || root.TryGetProperty("success", out var success) && success.ValueKind != JsonValueKind.Null;
    }

    private static JsonElement Any(JsonElement root, string name) =>
        root.TryGetProperty(name, out var found) ? found.Clone() : ControllerRequest.JsonNull;

    /// <summary>A name that was written as a number is the text of that number.</summary>
    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var found) ? TextOf(found) : null;

    private static string? TextOf(JsonElement found)
    {
        try
        {
            return found.ValueKind switch
            {
                JsonValueKind.String => found.GetString(),
                JsonValueKind.Number => found.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number)
            ? number : null;

    private static bool IsTrue(JsonElement root, string name) =>
        root.TryGetProperty(name, out var found) && (found.ValueKind == JsonValueKind.True || TextOf(found) == "true");
}
