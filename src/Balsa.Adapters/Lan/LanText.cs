using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Balsa.Adapters.Lan;

/// <summary>Messages as JSON. Reading is lenient about the spellings that are around; writing knows one for each form.</summary>
internal static class LanText
{
    private const string NobodyOfTypes = "FFFF";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Mandatory = ["source", "destination", "leader", "req_category"];
    private static readonly string[] MandatoryOfTypes = ["src", "dst", "leader", "type"];
    private static readonly string[] Ids = ["Message ID", "Message-ID", "Message_ID", "MID"];

    internal static byte[] Write(LanMessage message)
    {
        var types = message.Form == LanForm.Types;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString(types ? "src" : "source", Out(message.Source, types));
            json.WriteString(types ? "dst" : "destination", Out(message.Destination, types));
            json.WriteString("leader", Out(message.Leader, types));
            json.WriteString(types ? "type" : "req_category", types ? TypeOf(message.Category) : message.Category);
            if (message.Id is not null) json.WriteString(types ? "MID" : Ids[0], message.Id);
            if (message.Key is not null) json.WriteString("key", message.Key);
            if (message.Value is not null) json.WriteString("value", message.Value);
            if (message.Term != 0) json.WriteNumber("term", message.Term);
            if (message.Reason is not null) json.WriteString("reason", message.Reason);
            if (!message.Frame.IsEmpty) json.WriteBase64String("frame", message.Frame.Span);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static LanMessage? Read(JsonElement root, out string? flaw)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            flaw = "it is no JSON object";
            return null;
        }

        var types = root.TryGetProperty("type", out _) || root.TryGetProperty("src", out _);
        foreach (var name in types ? MandatoryOfTypes : Mandatory)
        {
            if (Text(root, name) is { Length: > 0 }) continue;
            flaw = $"it has no \"{name}\" with a text";
            return null;
        }

        var category = CategoryOf(Text(root, types ? "type" : "req_category")!);
        var id = IdIn(root);
        flaw = category switch
        {
            LanCategories.Get or LanCategories.Put or LanCategories.Success or LanCategories.Failure or LanCategories.Forward
                when id is null => $"a {category} has no \"Message ID\"",
            LanCategories.Get or LanCategories.Put when Text(root, "key") is null => $"a {category} has no \"key\" with a text",
            LanCategories.Put when Text(root, "value") is null => "a put has no \"value\" with a text",
            _ => null,
        };
        if (flaw is not null) return null;
        if (!TryFrame(root, out var frame))
        {
            flaw = "its \"frame\" is not in base 64";
            return null;
        }

        return new LanMessage
        {
            Source = In(Text(root, types ? "src" : "source")!), Destination = In(Text(root, types ? "dst" : "destination")!),
            Leader = In(Text(root, "leader")!), Category = category, Id = id, Key = Text(root, "key"), Value = Text(root, "value"),
            Term = root.TryGetProperty("term", out var term) && term.TryGetUInt64Safely(out var number) ? number : 0,
            Reason = Text(root, "reason"), Frame = frame, Form = types ? LanForm.Types : LanForm.Categories,
        };
    }

    private static string? IdIn(JsonElement root)
    {
        foreach (var name in Ids)
            if (Text(root, name) is { Length: > 0 } id) return id;
        return null;
    }

    /// <summary>Null as well when there is half of a surrogate pair, which JSON allows to write and no text has.</summary>
    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool TryFrame(JsonElement root, out byte[] frame)
    {
        frame = [];
        if (!root.TryGetProperty("frame", out var value)) return true;
        if (value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var found)) return false;
        frame = found;
        return true;
    }

    private static bool TryGetUInt64Safely(this JsonElement element, out ulong number)
    {
        number = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetUInt64(out number);
    }

    private static string Out(string name, bool types)
    {
        if (!types) return name;
        return name == LanMessage.Nobody ? NobodyOfTypes : name.ToUpperInvariant();
    }

    private static string In(string name)
    {
        if (name.Equals(NobodyOfTypes, StringComparison.OrdinalIgnoreCase)) return LanMessage.Nobody;
        // Ids are hexadecimal numbers: the case of their letters says nothing.
#pragma warning disable CA1308 // The course writes them in lower case.
        return name.ToLowerInvariant();
#pragma warning restore CA1308
    }

    private static string TypeOf(string category)
    {
        foreach (var (ours, theirs) in LanCategories.Types)
            if (ours == category) return theirs;
        return category;
    }

    private static string CategoryOf(string type)
    {
        foreach (var (ours, theirs) in LanCategories.Types)
            if (theirs == type) return ours;
        return type;
    }
}
