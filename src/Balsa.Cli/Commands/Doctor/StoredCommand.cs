using System.Text;
using System.Text.Json;
using Balsa.KeyValue.Commands;
using Balsa.Raft.Log;

namespace Balsa.Cli.Commands.Doctor;

/// <summary>An entry of the log as servers of CS 380D wrote it down. What that course does not know has its own word.</summary>
internal sealed record StoredCommand(ulong Term, long Index, string Command, string Key, string Value, long ClientId, ulong RequestId)
{
    internal static StoredCommand Of(EntryRef entry, ReadOnlySpan<byte> payload, IReadOnlyDictionary<ulong, long> clients)
    {
        var (term, index) = (entry.Id.Term.Value, (long)entry.Id.Index.Value - 1);
        if (entry.Kind != EntryKind.Data || EntryEnvelope.TryRead(payload, out var envelope, out var body) != EnvelopeError.None)
            return new StoredCommand(term, index, $"{entry.Kind}".ToUpperInvariant(), "", "", 0, 0);
        // A session of another dialect names no client of this one.
        var client = clients.GetValueOrDefault(envelope.Session);
        var request = clients.ContainsKey(envelope.Session) ? envelope.Request : 0;
        if ((CommandKind)envelope.CommandKind != CommandKind.Put || !PutCommand.TryRead(body, out var put))
            return new StoredCommand(term, index, $"{(CommandKind)envelope.CommandKind}".ToUpperInvariant(), "", "", client, request);
        return new StoredCommand(
            term, index, put.Has(PutOptions.MustExist) ? "REPLACE" : "PUT", Encoding.UTF8.GetString(put.Key),
            Encoding.UTF8.GetString(put.Value), client, request);
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("term", Term);
        writer.WriteNumber("index", Index);
        writer.WriteString("command", Command);
        writer.WriteString("key", Key);
        writer.WriteString("value", Value);
        writer.WriteNumber("client_id", ClientId);
        writer.WriteNumber("request_id", RequestId);
        writer.WriteEndObject();
    }
}
