using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>
/// What was answered, in our own format: docs/formats/history.md. A line is read before it is known what it answers, so the
/// answer is put together when the operation is found.
/// </summary>
internal static class JsonAnswers
{
    internal static Operation Fill(Operation asked, JsonElement answer, int line)
    {
        var filled = asked with
        {
            Revision = JsonFields.Number(answer, "revision"), Modified = JsonFields.Number(answer, "modified"),
        };
        var hasResult = answer.TryGetProperty("result", out var result);
        switch (asked.Kind)
        {
            case OperationKind.Get:
                if (!hasResult) throw HistoryReader.Unreadable(line, "It needs \"result\" with the value that was found, or null.");
                return filled with { Found = result.GetString() };
            case OperationKind.Range:
                if (!hasResult) throw HistoryReader.Unreadable(line, "It needs \"result\" with the keys that were found.");
                return filled with { Items = ReadItems(result, line) };
            case OperationKind.Replace or OperationKind.Swap or OperationKind.PutIf or OperationKind.Txn:
                if (!hasResult) throw HistoryReader.Unreadable(line, "It needs \"result\" with true or false: whether the condition held.");
                filled = filled with { Met = result.GetBoolean(), Found = JsonFields.TextOr(answer, "found", null) };
                return asked.Kind == OperationKind.Txn ? FillParts(filled, answer, line) : filled;
            case OperationKind.Put or OperationKind.Append:
                return filled;
            default:
                return hasResult && result.ValueKind != JsonValueKind.Null ? filled with { Met = result.GetBoolean() } : filled;
        }
    }

    private static Operation FillParts(Operation txn, JsonElement answer, int line)
    {
        if (!answer.TryGetProperty("results", out var results)) return txn;
        var branch = txn.Met == true ? txn.Then : txn.Else;
        if (results.GetArrayLength() != branch.Count)
            throw HistoryReader.Unreadable(line, $"It needs \"results\" with one result for each of the {branch.Count} that were done.");
        var parts = new List<Part>();
        for (var i = 0; i < branch.Count; i++) parts.Add(FillPart(branch[i], results[i], line));
        return txn.Met == true ? txn with { Then = parts } : txn with { Else = parts };
    }

    private static Part FillPart(Part part, JsonElement result, int line) => part.Kind switch
    {
        OperationKind.Get => part with
        {
            Found = JsonFields.TextOr(result, "value", null), Modified = JsonFields.Number(result, "modified"),
        },
        OperationKind.Range when result.ValueKind != JsonValueKind.Null => part with { Items = ReadItems(result, line) },
        OperationKind.Delete when result.ValueKind != JsonValueKind.Null => part with { Met = result.GetBoolean() },
        _ => part,
    };

    private static List<Item> ReadItems(JsonElement list, int line)
    {
        var items = new List<Item>();
        foreach (var item in list.EnumerateArray())
        {
            var (key, value) = (JsonFields.Text(item, "key", line), JsonFields.Text(item, "value", line));
            items.Add(new Item(key, value, JsonFields.Number(item, "modified")));
        }

        return items;
    }
}
