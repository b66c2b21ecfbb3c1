using System.Text;
using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>Writes a history as JSON lines, so that it can be kept and judged again: docs/formats/history.md.</summary>
public static class HistoryWriter
{
    /// <summary>Two lines an operation, or one where nobody saw it ending.</summary>
    public static IEnumerable<string> Lines(History history)
    {
        foreach (var operation in history.Operations)
        {
            yield return Line(json => WriteInvoke(json, operation));
            // An unknown outcome is told at once, so that the client may go on; it says nothing about when.
            yield return Line(json => WriteReturn(json, operation));
        }
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteInvoke(Utf8JsonWriter json, Operation operation)
    {
        json.WriteString("event", "invoke");
        json.WriteString("client", operation.Client);
        json.WriteNumber("time", operation.Begin);
        json.WriteString("operation", Word(operation.Kind));
        if (operation.Key.Length > 0) json.WriteString("key", operation.Key);
        if (operation.RangeEnd is not null) json.WriteString("end", operation.RangeEnd);
        if (operation.Value is not null) json.WriteString("value", operation.Value);
        if (operation.Kind == OperationKind.Swap) json.WriteString("expected", operation.Expected);
        if (operation.Kind == OperationKind.PutIf) json.WriteNumber("if-revision", operation.IfRevision);
        if (operation.Lease != 0) json.WriteNumber("lease", operation.Lease);
        if (operation.Kind == OperationKind.Grant) json.WriteNumber("ttl", operation.TimeToLive);
        if (operation.Limit != 0) json.WriteNumber("limit", operation.Limit);
        if (operation.IsStale) json.WriteBoolean("stale", true);
        if (operation.Kind != OperationKind.Txn) return;
        json.WriteStartArray("compare");
        foreach (var compare in operation.Compares) Write(json, compare);
        json.WriteEndArray();
        Write(json, "then", operation.Then);
        Write(json, "else", operation.Else);
    }

    private static void Write(Utf8JsonWriter json, Compare compare)
    {
        json.WriteStartObject();
        json.WriteString("key", compare.Key);
        json.WriteString("target", compare.Target.ToString().ToLowerInvariant());
        json.WriteString("is", compare.Sign switch { null => "!=", 0 => "=", < 0 => "<", _ => ">" });
        if (compare.Target == CompareTarget.Value) json.WriteString("to", compare.Text);
        else json.WriteNumber("to", compare.Number);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<Part> parts)
    {
        json.WriteStartArray(name);
        foreach (var part in parts)
        {
            json.WriteStartObject();
            json.WriteString("operation", Word(part.Kind));
            json.WriteString("key", part.Key);
            if (part.End is not null) json.WriteString("end", part.End);
            if (part.Value is not null) json.WriteString("value", part.Value);
            if (part.Lease != 0) json.WriteNumber("lease", part.Lease);
            if (part.Limit != 0) json.WriteNumber("limit", part.Limit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteReturn(Utf8JsonWriter json, Operation operation)
    {
        json.WriteString("event", "return");
        json.WriteString("client", operation.Client);
        json.WriteNumber("time", operation.Outcome == Outcome.Unknown ? operation.Begin : operation.End);
        json.WriteString("outcome", operation.Outcome switch { Outcome.Done => "done", Outcome.NotDone => "not-done", _ => "unknown" });
        if (operation.Outcome != Outcome.Done) return;
        if (operation.Revision is { } revision) json.WriteNumber("revision", revision);
        if (operation.Modified is { } modified) json.WriteNumber("modified", modified);
        if (operation.Kind == OperationKind.Get) json.WriteString("result", operation.Found);
        else if (operation.Kind == OperationKind.Range) Write(json, "result", operation.Items!);
        else if (operation.Met is { } met) json.WriteBoolean("result", met);
        if (operation.Kind is OperationKind.PutIf && operation.Found is not null) json.WriteString("found", operation.Found);
        if (operation.Kind == OperationKind.Txn) WriteResults(json, operation.Met == true ? operation.Then : operation.Else);
    }

    private static void WriteResults(Utf8JsonWriter json, IReadOnlyList<Part> parts)
    {
        json.WriteStartArray("results");
        foreach (var part in parts)
        {
            if (part.Kind == OperationKind.Get) WriteFound(json, part);
            else if (part is { Kind: OperationKind.Range, Items: { } items }) Write(json, null, items);
            else if (part is { Kind: OperationKind.Delete, Met: { } met }) json.WriteBooleanValue(met);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static void WriteFound(Utf8JsonWriter json, Part part)
    {
        json.WriteStartObject();
        json.WriteString("value", part.Found);
        if (part.Modified is { } modified) json.WriteNumber("modified", modified);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string? name, IReadOnlyList<Item> items)
    {
        if (name is null) json.WriteStartArray();
        else json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            json.WriteString("key", item.Key);
            json.WriteString("value", item.Value);
            if (item.Modified is { } modified) json.WriteNumber("modified", modified);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(OperationKind kind) => kind switch
    {
        OperationKind.Swap => "cas",
        OperationKind.PutIf => "put",
        OperationKind.KeepAlive => "keep-alive",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
