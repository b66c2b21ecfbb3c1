using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>Our own format, one JSON object a line: docs/formats/history.md.</summary>
internal static class JsonHistory
{
    internal static HistoryEvent Read(string text, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var happened = new HistoryEvent { Line = line, Client = Text(root, "client", line), Time = Time(root) };
            return Text(root, "event", line) switch
            {
                "invoke" => happened with { Begun = Begun(root, happened.Client, line) },
                "return" => Ended(root, happened),
                var other => throw HistoryReader.Unreadable(line, $"\"event\" is invoke or return, not {other}."),
            };
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            throw HistoryReader.Unreadable(line, $"It is no JSON object of a history: {problem.Message}");
        }
    }

    private static Operation Begun(JsonElement root, string client, int line)
    {
        var kind = Text(root, "operation", line) switch
        {
            "get" or "read" => OperationKind.Get,
            "put" or "write" => OperationKind.Put,
            "append" => OperationKind.Append,
            "delete" => OperationKind.Delete,
            "replace" => root.TryGetProperty("expected", out _) ? OperationKind.Swap : OperationKind.Replace,
            "cas" => OperationKind.Swap,
            var other => throw HistoryReader.Unreadable(line, $"No operation is called {other}."),
        };
        var needsValue = kind is OperationKind.Put or OperationKind.Append or OperationKind.Replace or OperationKind.Swap;
        return new Operation
        {
            Client = client,
            Kind = kind,
            Begin = line,
            Key = root.TryGetProperty("key", out var key) ? key.GetString() ?? "" : "",
            Value = needsValue ? Text(root, "value", line) : null,
            Expected = root.TryGetProperty("expected", out var expected) ? expected.GetString() : null,
        };
    }

    private static HistoryEvent Ended(JsonElement root, HistoryEvent happened)
    {
        var outcome = Text(root, "outcome", happened.Line) switch
        {
            "done" => Outcome.Done,
            "not-done" => Outcome.NotDone,
            "unknown" => Outcome.Unknown,
            var other => throw HistoryReader.Unreadable(happened.Line, $"\"outcome\" is done, not-done or unknown, not {other}."),
        };
        var ended = happened with { Outcome = outcome };
        if (!root.TryGetProperty("result", out var result)) return ended with { LacksFound = true };
        return result.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? ended with { Met = result.GetBoolean(), LacksFound = true }
            : ended with { Found = result.GetString() };
    }

    private static string Text(JsonElement root, string name, int line) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw HistoryReader.Unreadable(line, $"It needs \"{name}\" with a text.");

    private static long? Time(JsonElement root) => root.TryGetProperty("time", out var time) ? time.GetInt64() : null;
}
