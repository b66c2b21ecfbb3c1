using System.Text.Json;

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>Configurations of the course from which this one comes: other names for the same things, and most of them optional.</summary>
internal static class OldConfiguration
{
    private static readonly (string Theirs, string Ours, string Default)[] Names =
    [
        ("lifetime", "total_execution_time", "30"), ("replicas", "servers", "5"), ("requests", "client_requests", "500"),
        ("mix", "gp_ratio", "0.8"), ("start_wait", "only_hb", "2"), ("end_wait", "stop_requests", "2"), ("drops", "loss", "0"),
        ("max_packets", "max_packets", "20000"), ("seed", "seed", "1"), ("clients", "number_of_clients", "8"),
    ];

    private static readonly (string Theirs, string Ours, string Default)[] Tests =
    [
        ("maximum_get_fail_fraction", "maximum_get_reqs_fraction", "0.5"),
        ("maximum_put_fail_fraction", "maximum_put_reqs_fraction", "0.5"),
        ("maximum_get_generation_fail_fraction", "maximum_get_create_fail_fraction", "0.1"),
        ("maximum_appends_batched_fraction", "appends_batched_fraction", "0.5"),
    ];

    internal static bool IsOne(JsonElement root) =>
        root.TryGetProperty("lifetime", out _) || root.TryGetProperty("replicas", out _) || root.TryGetProperty("events", out _);

    internal static Dictionary<string, JsonElement> Translate(JsonElement root)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["server_code"] = Of("\"builtin\"") };
        foreach (var (theirs, ours, otherwise) in Names)
            fields[ours] = root.TryGetProperty(theirs, out var value) ? value.Clone() : Of(otherwise);
        if (root.TryGetProperty("wait", out var wait)) fields["only_hb"] = wait.Clone();
        var tests = root.TryGetProperty("tests", out var found) && found.ValueKind == JsonValueKind.Object ? found : Of("{}");
        foreach (var (theirs, ours, otherwise) in Tests)
            fields[ours] = tests.TryGetProperty(theirs, out var value) ? value.Clone() : Of(otherwise);
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is "events" or "tests" or "wait" or "benchmarks" || Names.Any(name => name.Theirs == property.Name)) continue;
            var known = string.Join(", ", Names.Select(name => name.Theirs));
            throw new ExperimentException($"There is no key \"{property.Name}\".", $"A configuration has {known}, events, tests.");
        }

        fields["actions"] = root.TryGetProperty("events", out var events) ? Actions(events) : Of("[]");
        return fields;
    }

    /// <summary>An event has a type and a time from the start of the run.</summary>
    private static JsonElement Actions(JsonElement events)
    {
        if (events.ValueKind != JsonValueKind.Array)
            throw new ExperimentException("The key \"events\" must be a list.", $"It is {events.GetRawText()}.");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var one in events.EnumerateArray())
            {
                json.WriteStartObject();
                foreach (var property in one.ValueKind == JsonValueKind.Object ? one.EnumerateObject() : default)
                {
                    json.WritePropertyName(property.Name switch { "type" => "category", "time" => "at", _ => property.Name });
                    property.Value.WriteTo(json);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Of(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static JsonElement Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
