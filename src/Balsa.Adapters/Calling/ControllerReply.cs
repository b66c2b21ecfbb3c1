using System.Net;
using System.Text;
using System.Text.Json;
using Balsa.Adapters.Controller;

namespace Balsa.Adapters.Calling;

/// <summary>An entry of a RETRIEVE, however the node spells its fields.</summary>
public sealed record RetrievedEntry(long? Term, JsonElement Key, JsonElement Value);

/// <summary>What a node said. Nodes of many authors differ, so every field may be missing.</summary>
public sealed record ControllerReply(IPEndPoint From, DateTimeOffset At, string Raw)
{
    /// <summary>Empty when it is no JSON object.</summary>
    public string Request { get; private init; } = "";

    public string Sender { get; private init; } = "";

    public long? Term { get; private init; }

    public JsonElement Key { get; private init; } = ControllerRequest.JsonNull;

    public JsonElement Value { get; private init; } = ControllerRequest.JsonNull;

    public bool? Success { get; private init; }

    public string? Error { get; private init; }

    public long? Index { get; private init; }

    public long? Counter { get; private init; }

    public long Part { get; private init; } = 1;

    public long Parts { get; private init; } = 1;

    /// <summary>There is more of the list from here on.</summary>
    public long? Next { get; private init; }

    /// <summary>Who leads, by an answer to LEADER_INFO; null when the node does not know.</summary>
    public string? Leader { get; private init; }

    public IReadOnlyList<RetrievedEntry> Entries { get; private init; } = [];

    public static ControllerReply Read(ReadOnlySpan<byte> datagram, IPEndPoint from, DateTimeOffset at)
    {
        var text = Encoding.UTF8.GetString(datagram);
        var plain = new ControllerReply(from, at, text);
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement.Clone();
            return root.ValueKind == JsonValueKind.Object ? Read(plain, root) : plain;
        }
        catch (JsonException)
        {
            return plain;
        }
    }

    private static ControllerReply Read(ControllerReply plain, JsonElement root)
    {
        var value = Find(root, "value");
        var isLeaderInfo = Text(Find(root, "key")) == ReplyKeys.Leader;
        // Some nodes answer with nothing but {"LEADER": ...}.
        var bare = Find(root, ReplyKeys.Leader);
        return plain with
        {
            Request = Text(Find(root, "request")) is { Length: > 0 } word ? word
                : bare.ValueKind != JsonValueKind.Undefined ? "LEADER_INFO" : "",
            Sender = Text(Find(root, "sender_name")) ?? "", Term = Number(Find(root, "term")), Key = OrNull(Find(root, "key")),
            Value = OrNull(value), Success = Truth(Find(root, "success")), Error = Text(Find(root, "error")),
            Index = Number(Find(root, "index")), Counter = Number(Find(root, "counter")), Part = Number(Find(root, "part")) ?? 1,
            Parts = Number(Find(root, "parts")) ?? 1, Next = Number(Find(root, "next")),
            Leader = Text(isLeaderInfo ? value : bare),
            Entries = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(EntryOf)] : [],
        };
    }

    private static RetrievedEntry EntryOf(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.Object)
            return new RetrievedEntry(Number(Find(entry, "Term")), OrNull(Find(entry, "Key")), OrNull(Find(entry, "Value")));
        // A list of index, term, key and value.
        return entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 4
            ? new RetrievedEntry(Number(entry[1]), entry[2], entry[3])
            : new RetrievedEntry(null, ControllerRequest.JsonNull, entry);
    }

    /// <summary>As it is spelt, or otherwise in any case.</summary>
    private static JsonElement Find(JsonElement root, string name)
    {
        if (root.TryGetProperty(name, out var found)) return found;
        foreach (var property in root.EnumerateObject())
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
        return default;
    }

    private static JsonElement OrNull(JsonElement found) =>
        found.ValueKind == JsonValueKind.Undefined ? ControllerRequest.JsonNull : found;

    private static string? Text(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.String => found.GetString(),
        JsonValueKind.Number => found.GetRawText(),
        _ => null,
    };

    private static long? Number(JsonElement found) =>
        found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var number) ? number : null;

    private static bool? Truth(JsonElement found) => found.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => bool.TryParse(found.GetString(), out var truth) ? truth : null,
        _ => null,
    };
}
