using System.Text.Json;

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>Reads the actions of a metrics file: the two of the course, those of the course before it, and ours.</summary>
internal static class ActionReader
{
    private static readonly string[] Keys =
        ["category", "trigger_point", "at", "mode", "restart_after", "duration", "server", "fraction", "ms"];

    private static readonly (string Category, ActionKind Kind)[] Categories =
    [
        ("fail_leader", ActionKind.FailLeader), ("fail_follower", ActionKind.FailFollower),
        ("kill_leader", ActionKind.FailLeader), ("kill_non_leader", ActionKind.FailFollower),
        ("restart", ActionKind.Restart), ("partition", ActionKind.PartitionHard), ("part_easy", ActionKind.PartitionEasy),
        ("part_hard", ActionKind.PartitionHard), ("isolate", ActionKind.Isolate), ("heal", ActionKind.Heal),
        ("part_end", ActionKind.Heal), ("drop", ActionKind.Drop), ("delay", ActionKind.Delay), ("pause", ActionKind.Pause),
        ("power_cut", ActionKind.PowerCut),
    ];

    internal static IReadOnlyList<ExperimentAction> Read(JsonElement list, Experiment experiment)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw new ExperimentException(
                "The key \"actions\" must be a list.", """An action is {"category": "fail_leader", "trigger_point": 8}.""");
        var actions = new List<ExperimentAction>();
        foreach (var element in list.EnumerateArray()) actions.Add(ReadOne(element, experiment, actions.Count + 1));
        return [.. actions.OrderBy(action => action.At)];
    }

    private static ExperimentAction ReadOne(JsonElement element, Experiment experiment, int number)
    {
        var where = $" of action {number}";
        if (element.ValueKind != JsonValueKind.Object)
            throw new ExperimentException($"Action {number} must be an object.", $"It is {element.GetRawText()}.");
        var found = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            var key = property.Name.Replace(' ', '_');
            if (!Keys.Contains(key))
                throw new ExperimentException($"There is no key \"{property.Name}\"{where}.", $"There are {string.Join(", ", Keys)}.");
            found[key] = property.Value;
        }

        foreach (var key in (ReadOnlySpan<string>)["category", found.ContainsKey("at") ? "at" : "trigger_point"])
            if (!found.ContainsKey(key))
                throw new ExperimentException(
                    $"The key \"{key}\"{where} is missing.", "An action needs \"category\" and \"trigger_point\" or \"at\".");
        var fields = new ExperimentFields(found, where);
        var category = fields.Text("category");
        var at = found.ContainsKey("at")
            ? fields.Number("at", 0, experiment.Seconds)
            : experiment.QuietStart + fields.Number("trigger_point", 0, experiment.Seconds - experiment.QuietStart);
        var known = string.Join(", ", Categories.Select(one => one.Category));
        var kind = KindOf(category) ?? throw fields.Wrong("category", $"one of {known}");
        return Complete(fields, kind, category, at, experiment);
    }

    private static ExperimentAction Complete(ExperimentFields fields, ActionKind kind, string category, double at, Experiment experiment)
    {
        var amount = kind switch
        {
            ActionKind.Drop => fields.Or("fraction", 0.2, 0, 1),
            ActionKind.Delay => fields.Or("ms", 50, 0, 60_000),
            _ => 0,
        };
        var duration = fields.Has("restart_after") ? fields.Number("restart_after", 0, 3600)
            : fields.Has("duration") ? fields.Number("duration", 0, 3600)
            : kind == ActionKind.Pause ? 2 : kind == ActionKind.PowerCut ? 0.5 : (double?)null;
        return new ExperimentAction
        {
            Kind = kind, Category = category, At = at, Amount = amount, Mode = fields.Has("mode") ? ModeOf(fields) : FailureMode.Crash,
            Duration = duration, Server = fields.Has("server") ? fields.Whole("server", 0, experiment.Servers - 1) : null,
        };
    }

    private static FailureMode ModeOf(ExperimentFields fields) => fields.Text("mode") switch
    {
        "crash" => FailureMode.Crash,
        "stop" => FailureMode.Stop,
        "pause" => FailureMode.Pause,
        _ => throw fields.Wrong("mode", "crash, stop or pause"),
    };

    private static ActionKind? KindOf(string category)
    {
        foreach (var (name, kind) in Categories)
            if (name == category) return kind;
        return null;
    }
}
