using System.Text.Json;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>The report for programs: the labels of the course are the keys.</summary>
public static class ReportJson
{
    public static void Write(Utf8JsonWriter json, MetricsResult result)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        var record = result.Record;
        json.WriteString("experiment", record.Experiment.Name);
        json.WriteNumber("seed", record.Experiment.Seed);
        if (record.TraceHash is { } hash) json.WriteString("traceHash", hash.ToString("x16", null));
        json.WriteStartArray(ReportLabels.Leaders);
        foreach (var leader in record.Leaders) json.WriteStringValue(leader);
        json.WriteEndArray();
        foreach (var (label, count) in ReportLabels.Counts) json.WriteNumber(label, count(record.Counters));
        json.WriteNumber(ReportLabels.Mean, Round(result.Attempts.Mean));
        json.WriteNumber(ReportLabels.Median, Round(result.Attempts.Median));
        json.WriteNumber(ReportLabels.Optimal, CourseRules.OptimalMessages(record));
        json.WriteBoolean("passed", result.Passed);
        json.WriteString("error", result.Error ?? (result.Broken.Count > 0 ? result.Broken[0] : null));
        json.WriteString("verdict", ReportText.WordOf(result.Judgement.Verdict));
        json.WriteNumber("operations", record.History.Operations.Count);
        json.WriteNumber("requests", record.Requests.Count);
        json.WriteNumber("unansweredPercent", Round(result.UnansweredPercent));
        json.WriteNumber("distinctLeaders", result.Leaders);
        json.WriteNumber("p50Ms", Round(1000 * result.Requests.Median));
        json.WriteNumber("p99Ms", Round(1000 * result.Requests.P99));
        json.WriteNumber("longestOutageSeconds", double.IsPositiveInfinity(result.LongestOutage) ? -1 : Round(result.LongestOutage));
        WriteEvents(json, record);
    }

    private static void WriteEvents(Utf8JsonWriter json, MetricsRecord record)
    {
        json.WriteStartArray("elections");
        foreach (var election in record.Elections)
        {
            json.WriteStartObject();
            json.WriteNumber("at", Seconds(election.At));
            json.WriteNumber("term", election.Term);
            json.WriteString("server", MetricsHub.NameOf(election.Server));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("faults");
        foreach (var fault in record.Faults)
        {
            json.WriteStartObject();
            json.WriteNumber("at", Seconds(fault.At));
            json.WriteString("what", fault.What);
            if (fault.Until is { } until) json.WriteNumber("until", Seconds(until));
            if (fault.Skipped is not null) json.WriteString("skipped", fault.Skipped);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Seconds(long ticks) => Round(ticks / (double)TimeSpan.TicksPerSecond);

    private static double Round(double number) => Math.Round(number, 8);
}
