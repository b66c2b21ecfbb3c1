using System.Text.Json;

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>Reads metrics files: the fourteen keys of the course, ours, and the configurations of the course it comes from.</summary>
public static class ExperimentReader
{
    private static readonly string[] CourseKeys =
    [
        "server_code", "maximum_get_create_fail_fraction", "appends_batched_fraction", "maximum_get_reqs_fraction",
        "maximum_put_reqs_fraction", "number_of_clients", "total_execution_time", "servers", "client_requests", "gp_ratio",
        "only_hb", "stop_requests", "max_packets", "actions",
    ];

    private static readonly string[] OwnKeys = ["seed", "loss", "delay_ms", "heartbeat_ms", "election_timeout_ms", "ask_anyone", "comment"];

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Without the actions; an action has more keys.</summary>
    public static IReadOnlyList<string> Keys => CourseKeys;

    /// <exception cref="ExperimentException">The text is no experiment. Each key that is wrong is named.</exception>
    public static Experiment Read(string name, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new ExperimentException("A metrics file holds one JSON object.", $"This one begins with {root.ValueKind}.");
            var fields = OldConfiguration.IsOne(root) ? OldConfiguration.Translate(root) : FieldsOf(root);
            return Make(name, fields);
        }
        catch (JsonException problem)
        {
            throw new ExperimentException("It is no JSON.", problem.Message);
        }
    }

    private static Dictionary<string, JsonElement> FieldsOf(JsonElement root)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            // The course's text lost some underscores.
            var key = property.Name.Replace(' ', '_');
            if (!CourseKeys.Contains(key) && !OwnKeys.Contains(key)) throw Unknown(property.Name);
            if (!fields.TryAdd(key, property.Value))
                throw new ExperimentException($"The key \"{key}\" is there twice.", "Which of them counts would be a guess.");
        }

        var missing = CourseKeys.Where(key => !fields.ContainsKey(key)).ToArray();
        return missing.Length == 0 ? fields : throw new ExperimentException(
            $"The key \"{missing[0]}\" is missing{(missing.Length > 1 ? $", and so are {string.Join(", ", missing[1..])}" : "")}.",
            "All fourteen keys of the course must be there.");
    }

    private static Experiment Make(string name, IReadOnlyDictionary<string, JsonElement> all)
    {
        var fields = new ExperimentFields(all);
        var made = new Experiment
        {
            Name = name, ServerCode = fields.Text("server_code"),
            GetsNotCreatedMax = fields.Share("maximum_get_create_fail_fraction"),
            AppendsBatched = fields.Share("appends_batched_fraction"),
            GetsUnansweredMax = fields.Share("maximum_get_reqs_fraction"), PutsUnansweredMax = fields.Share("maximum_put_reqs_fraction"),
            Clients = fields.Whole("number_of_clients", 1, 200), Seconds = fields.Number("total_execution_time", 1, 3600),
            Servers = fields.Whole("servers", 1, 21), Requests = fields.Whole("client_requests", 1, 1_000_000),
            GetShare = fields.Share("gp_ratio"), QuietStart = fields.Number("only_hb", 0, 3600),
            QuietEnd = fields.Number("stop_requests", 0, 3600), MessagesMax = fields.Whole("max_packets", 1, int.MaxValue),
            Actions = [], Seed = fields.Has("seed") ? fields.Seed("seed") : 1, Loss = fields.Or("loss", 0, 0, 1),
            DelayMs = fields.Or("delay_ms", 0.5, 0.01, 60_000), HeartbeatMs = fields.Or("heartbeat_ms", 50, 1, 60_000),
            ElectionTimeoutMs = fields.Or("election_timeout_ms", 300, 2, 600_000), AskAnyone = fields.Or("ask_anyone", 0, 0, 1),
        };
        if (made.QuietStart + made.QuietEnd >= made.Seconds)
            throw new ExperimentException(
                "\"only_hb\" and \"stop_requests\" leave no time for requests.",
                $"They are {made.QuietStart + made.QuietEnd:0.###} s together, and \"total_execution_time\" is {made.Seconds:0.###} s.");
        if (made.ElectionTimeoutMs < 2 * made.HeartbeatMs) throw TooImpatient(made);
        return made with { Actions = ActionReader.Read(all["actions"], made) };
    }

    internal static ExperimentException TooImpatient(Experiment experiment) => new(
        $"\"election_timeout_ms\" must be at least twice \"heartbeat_ms\", which is {experiment.HeartbeatMs:0.###}.",
        "Servers that wait for less take every late heartbeat for a dead leader.");

    private static ExperimentException Unknown(string key)
    {
        string[] known = [.. CourseKeys, .. OwnKeys];
        return new ExperimentException($"There is no key \"{key}\".", $"There are {string.Join(", ", known)}.");
    }
}
