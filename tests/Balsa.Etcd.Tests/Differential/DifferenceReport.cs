using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Balsa.Etcd.Tests.Steps;

namespace Balsa.Etcd.Tests.Differential;

/// <summary>A difference for whoever looks for its cause: the request, both answers, and what was done to its keys before.</summary>
internal static class DifferenceReport
{
    private const int StepsBefore = 12, Agreeing = 200, Shown = 600, ValueMax = 64;

    private static readonly JsonSerializerOptions Readable = new()
    {
        MaxDepth = 1024, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(Transcript transcript, int at, string expected, string actual)
    {
        var step = transcript.Lines[at].Step;
        var keys = StepKeys.Of(step, transcript.Lines.Take(at).Select(line => line.Step));
        var parting = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, parting - Agreeing);
        var report = new StringBuilder($"seed {transcript.Seed}, step {at} of {transcript.Lines.Count}: {Request(step)}\n")
            .Append($"etcd: {Part(expected, from)}\nours: {Part(actual, from)}\n")
            .Append("before it, on the same keys:\n");
        foreach (var i in Enumerable.Range(0, at).Where(i => keys.Touches(transcript.Lines[i].Step)).TakeLast(StepsBefore))
        {
            var (earlier, outcome) = transcript.Lines[i];
            report.Append($"  {i}: {Request(earlier)}\n      {Part(OutcomeText.Of(earlier, outcome), 0)}\n");
        }

        return report.ToString();
    }

    private static string Part(string text, int from) =>
        $"{(from > 0 ? "... " : "")}{text.AsSpan(from, Math.Min(Shown, text.Length - from))}{(text.Length - from > Shown ? " ..." : "")}";

    /// <summary>As somebody would type it: without what has its default value, and with long values cut.</summary>
    private static string Request(Step step) => $"/v3/{StepJson.Route(step)} {Pruned(StepJson.Body(step))!.ToJsonString(Readable)}";

    private static JsonNode? Pruned(JsonNode? node) => node switch
    {
        JsonObject body => new JsonObject(body.Where(field => !IsDefault(field.Value))
            .Select(field => KeyValuePair.Create(field.Key, Pruned(field.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Pruned)]),
        JsonValue value when value.TryGetValue<string>(out var text) && text.Length > ValueMax => $"{text[..ValueMax]}...",
        _ => node?.DeepClone(),
    };

    private static bool IsDefault(JsonNode? node) =>
        node is JsonArray { Count: 0 } || (node is JsonValue && node.ToJsonString() is "\"\"" or "\"0\"" or "0" or "false");
}
