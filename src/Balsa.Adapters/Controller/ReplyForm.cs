using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Controller;

/// <summary>How a dialect writes what a node says: which fields, in which order, and how much goes into a datagram.</summary>
internal abstract class ReplyForm(DialectOptions options)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    protected DialectOptions Options => options;

    /// <summary>One datagram, or as many as the entries need.</summary>
    internal IReadOnlyList<byte[]> Write(Reply reply)
    {
        if (reply.Entries is not { } page) return [Single(reply)];
        var entries = EntriesOf(page).ToList();
        var whole = Datagram(reply, ListOf(entries), null);
        if (whole.Length <= options.DatagramBytesMax) return [whole];
        // Measured with the largest numbers, so that what is packed into it fits with any.
        var room = options.DatagramBytesMax - Datagram(reply, "[]", (int.MaxValue, int.MaxValue)).Length;
        var parts = Packing.Pack(entries, room, entry => Shortened(entry, room));
        return [.. parts.Select((part, i) => Datagram(reply, ListOf(part), (i + 1, parts.Count)))];
    }

    /// <summary>An entry as this dialect spells it.</summary>
    protected abstract string EntryText(StoredEntry entry, bool isShortened);

    /// <summary>Entries that this dialect shows though nobody stored them.</summary>
    protected virtual IEnumerable<string> Sentinels(StoredPage page) => [];

    /// <param name="value">JSON.</param>
    /// <param name="part">Which of how many datagrams; null when it is the only one.</param>
    protected abstract void WriteFields(Utf8JsonWriter writer, Reply reply, string value, (int Part, int Parts)? part);

    /// <summary>What has no place in any of the courses' forms: how an answer hangs together with others, and what was left out.</summary>
    protected static void WriteRest(Utf8JsonWriter writer, Reply reply, (int Part, int Parts)? part)
    {
        if (reply.OmittedBytes is { } bytes)
        {
            writer.WriteBoolean("truncated", value: true);
            writer.WriteNumber("size", bytes);
        }

        if (part is { } number)
        {
            writer.WriteNumber("part", number.Part);
            writer.WriteNumber("parts", number.Parts);
        }

        if (reply.Entries is { IsLast: false } page) writer.WriteNumber("next", page.Next);
    }

    /// <summary>The fields with three names, whose spelling is a setting.</summary>
    internal static string EntryOf(EntryKeys keys, StoredEntry entry, bool isShortened = false)
    {
        var text = new StringBuilder("{");
        var value = isShortened ? "null" : entry.Value;
        if (keys != EntryKeys.Lower) text.Append($"\"Term\":{entry.Term},\"Key\":{entry.Key},\"Value\":{value},");
        if (keys != EntryKeys.Upper) text.Append($"\"term\":{entry.Term},\"key\":{entry.Key},\"value\":{value},");
        if (isShortened) text.Append($"\"Truncated\":true,\"Size\":{Encoding.UTF8.GetByteCount(entry.Value)},");
        text.Length--;
        return text.Append('}').ToString();
    }

    private IEnumerable<PackedEntry> EntriesOf(StoredPage page) =>
        Sentinels(page).Select(text => new PackedEntry(text, null))
            .Concat(page.Entries.Select(entry => new PackedEntry(EntryText(entry, isShortened: false), entry)));

    private string Shortened(PackedEntry packed, int room)
    {
        if (packed.Entry is not { } entry) return packed.Text;
        var text = EntryText(entry, isShortened: true);
        return Encoding.UTF8.GetByteCount(text) <= room ? text : EntryText(entry with { Key = "null" }, isShortened: true);
    }

    /// <summary>What is too large is left out, and said to be: half an answer would be none.</summary>
    private byte[] Single(Reply reply)
    {
        var datagram = Datagram(reply, reply.Value, null);
        if (datagram.Length <= options.DatagramBytesMax) return datagram;
        var shortened = reply with { Value = "null", OmittedBytes = Encoding.UTF8.GetByteCount(reply.Value) };
        datagram = Datagram(shortened, "null", null);
        return datagram.Length <= options.DatagramBytesMax ? datagram : Datagram(shortened with { Key = "null" }, "null", null);
    }

    private static string ListOf(IEnumerable<PackedEntry> entries) => $"[{string.Join(',', entries.Select(entry => entry.Text))}]";

    private byte[] Datagram(Reply reply, string value, (int, int)? part)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            WriteFields(writer, reply, value, part);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
