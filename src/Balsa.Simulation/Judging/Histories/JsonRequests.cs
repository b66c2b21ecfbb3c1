using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>What is asked, in our own format: docs/formats/history.md.</summary>
internal static class JsonRequests
{
    internal static Operation Read(JsonElement root, string client, int line)
    {
        var kind = KindOf(root, JsonFields.Text(root, "operation", line), line);
        var needsValue = kind is OperationKind.Put or OperationKind.Append or OperationKind.Replace
            or OperationKind.Swap or OperationKind.PutIf;
        var needsLease = kind is OperationKind.Grant or OperationKind.KeepAlive or OperationKind.Revoke;
        return new Operation
        {
            Client = client,
            Kind = kind,
            Begin = line,
            Key = JsonFields.TextOr(root, "key", "")!,
            RangeEnd = kind is OperationKind.Range or OperationKind.Delete ? JsonFields.TextOr(root, "end", null) : null,
            Value = needsValue ? JsonFields.Text(root, "value", line) : null,
            Expected = JsonFields.TextOr(root, "expected", null),
            IfRevision = JsonFields.Number(root, "if-revision") ?? 0,
            Lease = needsLease ? Needed(root, "lease", line) : JsonFields.Number(root, "lease") ?? 0,
            TimeToLive = kind == OperationKind.Grant ? Needed(root, "ttl", line) : 0,
            Limit = (int)(JsonFields.Number(root, "limit") ?? 0),
            IsStale = root.TryGetProperty("stale", out var stale) && stale.GetBoolean(),
            Compares = JsonFields.Each(root, "compare", compare => ReadCompare(compare, line)),
            Then = JsonFields.Each(root, "then", part => ReadPart(part, line)),
            Else = JsonFields.Each(root, "else", part => ReadPart(part, line)),
        };
    }

    private static OperationKind KindOf(JsonElement root, string word, int line) => word switch
    {
        "get" or "read" => OperationKind.Get,
        "put" or "write" => root.TryGetProperty("if-revision", out _) ? OperationKind.PutIf : OperationKind.Put,
        "append" => OperationKind.Append,
        "delete" => OperationKind.Delete,
        "replace" => root.TryGetProperty("expected", out _) ? OperationKind.Swap : OperationKind.Replace,
        "cas" => OperationKind.Swap,
        "range" => OperationKind.Range,
        "txn" => OperationKind.Txn,
        "grant" => OperationKind.Grant,
        "keep-alive" => OperationKind.KeepAlive,
        "revoke" => OperationKind.Revoke,
        var other => throw HistoryReader.Unreadable(line, $"No operation is called {other}."),
    };

    private static Part ReadPart(JsonElement part, int line)
    {
        var kind = KindOf(part, JsonFields.Text(part, "operation", line), line);
        if (kind is not (OperationKind.Get or OperationKind.Put or OperationKind.Append or OperationKind.Delete or OperationKind.Range))
            throw HistoryReader.Unreadable(line, "A transaction is made of get, put, append, delete and range.");
        return new Part
        {
            Kind = kind,
            Key = JsonFields.TextOr(part, "key", "")!,
            End = kind is OperationKind.Range or OperationKind.Delete ? JsonFields.TextOr(part, "end", null) : null,
            Value = kind is OperationKind.Put or OperationKind.Append ? JsonFields.Text(part, "value", line) : null,
            Lease = JsonFields.Number(part, "lease") ?? 0,
            Limit = (int)(JsonFields.Number(part, "limit") ?? 0),
        };
    }

    private static Compare ReadCompare(JsonElement compare, int line)
    {
        var target = JsonFields.Text(compare, "target", line) switch
        {
            "value" => CompareTarget.Value,
            "modified" => CompareTarget.Modified,
            "created" => CompareTarget.Created,
            "version" => CompareTarget.Version,
            var other => throw HistoryReader.Unreadable(line, $"A comparison is about value, modified, created or version, not {other}."),
        };
        int? sign = JsonFields.TextOr(compare, "is", "=") switch
        {
            "=" => 0,
            "!=" => null,
            "<" => -1,
            ">" => 1,
            var other => throw HistoryReader.Unreadable(line, $"A comparison is =, !=, < or >, not {other}."),
        };
        var key = JsonFields.TextOr(compare, "key", "")!;
        return target == CompareTarget.Value
            ? new Compare(key, target, sign, JsonFields.Text(compare, "to", line), 0)
            : new Compare(key, target, sign, null, Needed(compare, "to", line));
    }

    private static long Needed(JsonElement root, string name, int line) =>
        JsonFields.Number(root, name) ?? throw HistoryReader.Unreadable(line, $"It needs \"{name}\" with a number.");
}
