using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>Many runs as a table for a spreadsheet.</summary>
public static class ReportCsv
{
    private const string Head =
        "experiment,seed,servers,gp_ratio,loss,delay_ms,heartbeat_ms,election_timeout_ms,passed,history,distinct_leaders,elections,"
        + "crashed,failed,messages,requests,unanswered_percent,p50_ms,p95_ms,p99_ms,max_ms,longest_outage_s";

    public static IEnumerable<string> Lines(IEnumerable<MetricsResult> results)
    {
        yield return Head;
        foreach (var result in results ?? []) yield return Line(result);
    }

    private static string Line(MetricsResult result)
    {
        var (record, experiment, latency) = (result.Record, result.Record.Experiment, result.Requests);
        var outage = double.IsPositiveInfinity(result.LongestOutage) ? "never" : Number(result.LongestOutage);
        return string.Join(
            ',', Quoted(experiment.Name), experiment.Seed, experiment.Servers, Number(experiment.GetShare), Number(experiment.Loss),
            Number(experiment.DelayMs), Number(experiment.HeartbeatMs), Number(experiment.ElectionTimeoutMs),
            result.Passed ? "true" : "false", ReportText.WordOf(result.Judgement.Verdict), result.Leaders, record.Elections.Count,
            record.Counters.Crashed, record.Counters.Failed, record.Counters.Messages, record.Requests.Count,
            Number(result.UnansweredPercent), Number(1000 * latency.Median), Number(1000 * latency.P95), Number(1000 * latency.P99),
            Number(1000 * latency.Max), outage);
    }

    private static string Number(double number) => number.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
