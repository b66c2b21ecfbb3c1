using Balsa.Simulation.Metrics;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Tests.Metrics;

/// <summary>Experiments for tests: those that come along, and small ones.</summary>
internal static class Experiments
{
    internal const string Small = """
        {"server_code": "builtin", "maximum_get_create_fail_fraction": 0.1, "appends_batched_fraction": 0.5,
         "maximum_get_reqs_fraction": 0.5, "maximum_put_reqs_fraction": 0.5, "number_of_clients": 4, "total_execution_time": 6,
         "servers": 3, "client_requests": 100, "gp_ratio": 0.5, "only_hb": 1, "stop_requests": 1, "max_packets": 20000, "actions": []}
        """;

    internal static MetricsResult Run(Experiment experiment, Balsa.Raft.Probes.Mutant? mutant = null) =>
        MetricsResult.Of(MetricsRun.Run(experiment, mutant), () => false);

    internal static MetricsResult RunShelved(string name) => Run(ExperimentShelf.Find(name)!);

    /// <summary>The small one, with actions or other values instead.</summary>
    internal static Experiment With(string actions, params (string Key, string Value)[] changes)
    {
        var text = Small.Replace("\"actions\": []", $"\"actions\": [{actions}]", StringComparison.Ordinal);
        foreach (var (key, value) in changes)
            text = Replaced(text, key, value);
        return ExperimentReader.Read("small", text);
    }

    internal static string Replaced(string text, string key, string value)
    {
        var from = text.IndexOf($"\"{key}\": ", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{key} is no key of the small experiment");
        from += key.Length + 4;
        return text[..from] + value + text[(from + text.AsSpan(from).IndexOfAny(',', '}'))..];
    }

    /// <summary>A record that nobody ran, of which only the counters matter.</summary>
    internal static MetricsRecord Counted(Action<MetricsCounters> count)
    {
        var record = new MetricsRecord(With("", ("gp_ratio", "0.8")));
        var counters = record.Counters;
        (counters.PlannedGets, counters.PlannedPuts, counters.Stored, counters.Messages) = (80, 20, 10, 1_000);
        count(counters);
        return record;
    }
}
