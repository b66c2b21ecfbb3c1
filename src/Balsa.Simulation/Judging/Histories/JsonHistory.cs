using System.Text.Json;

namespace Balsa.Simulation.Judging.Histories;

/// <summary>Our own format, one JSON object a line: docs/formats/history.md.</summary>
internal static class JsonHistory
{
    internal static HistoryEvent Read(string text, int line)
    {
        return Guarded(line, () =>
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var client = JsonFields.Text(root, "client", line);
            var happened = new HistoryEvent { Line = line, Client = client, Time = JsonFields.Number(root, "time") };
            return JsonFields.Text(root, "event", line) switch
            {
                "invoke" => happened with { Begun = JsonRequests.Read(root, client, line) },
                "return" => Ended(root.Clone(), happened),
                var other => throw HistoryReader.Unreadable(line, $"\"event\" is invoke or return, not {other}."),
            };
        });
    }

    private static HistoryEvent Ended(JsonElement root, HistoryEvent happened)
    {
        var line = happened.Line;
        var outcome = JsonFields.Text(root, "outcome", line) switch
        {
            "done" => Outcome.Done,
            "not-done" => Outcome.NotDone,
            "unknown" => Outcome.Unknown,
            var other => throw HistoryReader.Unreadable(line, $"\"outcome\" is done, not-done or unknown, not {other}."),
        };
        if (outcome != Outcome.Done) return happened with { Outcome = outcome };
        return happened with { Outcome = outcome, Answer = asked => Guarded(line, () => JsonAnswers.Fill(asked, root, line)) };
    }

    private static T Guarded<T>(int line, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException)
        {
            throw HistoryReader.Unreadable(line, $"It is no JSON object of a history: {problem.Message}");
        }
    }
}
