using System.Text.Json;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Multicast;

/// <summary>The twelve fields of a message in the group, all of them each time, and behind them what there is beside.</summary>
internal sealed class MulticastForm(string sender, DialectOptions options) : ReplyForm(options)
{
    protected override string EntryText(StoredEntry entry, bool isShortened) => EntryOf(Options.EntryKeys, entry, isShortened);

    protected override IEnumerable<string> Sentinels(StoredPage page) =>
        Options.DummyEntry && (page.Entries.Count == 0 || page.Entries[0].Position == 1) ? [DummyOf(Options.EntryKeys)] : [];

    /// <summary>The entry 0 that some logs begin with: nobody stored it.</summary>
    internal static string DummyOf(EntryKeys keys) => EntryOf(keys, new StoredEntry(0, 0, "null", "null"));

    protected override void WriteFields(Utf8JsonWriter writer, Reply reply, string value, (int Part, int Parts)? part)
    {
        writer.WriteString("sender_name", sender);
        writer.WriteString("request", reply.Request);
        Number(writer, "term", (long?)reply.Term);
        writer.WritePropertyName("key");
        writer.WriteRawValue(reply.Key);
        writer.WritePropertyName("value");
        writer.WriteRawValue(value, skipInputValidation: true);
        writer.WriteString("recipient", reply.Recipient);
        // Of the list: the term of its last entry, the position before that, and how long it is.
        var last = reply.Entries is { Entries: [.., var newest] } ? newest : null;
        var dummies = Options.DummyEntry ? 1 : 0;
        Number(writer, "prev_log_term", (long?)last?.Term);
        Number(writer, "prev_log_index", last?.Position - 1);
        Number(writer, "commit_index", reply.Entries?.Count + dummies);
        if ((reply.Request == "LEADER_INFO" ? true : reply.Success) is { } success) writer.WriteString("success", success ? "true" : "false");
        else writer.WriteNull("success");
        writer.WriteNull("entry");
        writer.WriteNumber("votes", 0);
        if (reply.Error is { } error) writer.WriteString("error", error);
        if (reply.Index is { } index) writer.WriteNumber("index", index);
        if (reply.Counter is { } counter) writer.WriteNumber("counter", counter);
        WriteRest(writer, reply, part);
    }

    private static void Number(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } given) writer.WriteNumber(name, given);
        else writer.WriteNull(name);
    }
}
