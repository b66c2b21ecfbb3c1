using System.Globalization;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Windows;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>The report as lines: first as the course prints it, then what else there is to know.</summary>
public static class ReportText
{
    private const int ErrorsMax = 10;

    public static IEnumerable<string> Lines(MetricsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return [.. Course(result), "", .. Ours(result)];
    }

    /// <summary>A line on one run in many.</summary>
    public static string InShort(MetricsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var record = result.Record;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(result.Passed ? "passed" : "FAILED"),-7} {record.Experiment.Name,-18} {result.Leaders,7} {record.Counters.Crashed,7} "
            + $"{record.Counters.Failed,6} {record.Counters.Messages,8} {record.Requests.Count,8} {result.UnansweredPercent,10:F2} "
            + $"{1000 * result.Requests.Median,8:F2} {1000 * result.Requests.P99,8:F2} {Gap(result),8} {WordOf(result.Judgement.Verdict)}");
    }

    public static string HeadOfShort { get; } =
        $"{"",-7} {"EXPERIMENT",-18} {"LEADERS",7} {"CRASHED",7} {"FAILED",6} {"MESSAGES",8} {"REQUESTS",8} {"UNANSWERED",10} "
        + $"{"P50 MS",8} {"P99 MS",8} {"OUTAGE S",8} HISTORY";

    public static string WordOf(Verdict verdict) => verdict switch
    {
        Verdict.Linearizable => "linearizable",
        Verdict.NotLinearizable => "not-linearizable",
        _ => "unknown",
    };

    private static IEnumerable<string> Course(MetricsResult result)
    {
        yield return $"{ReportLabels.Leaders}:";
        yield return $"[{string.Join(", ", result.Record.Leaders.Select(name => $"'{name}'"))}]";
        foreach (var (label, count) in ReportLabels.Counts) yield return $"{label}: {count(result.Record.Counters)}";
        yield return $"{ReportLabels.Mean}: {Seconds(result.Attempts.Mean)}";
        yield return $"{ReportLabels.Median}: {Seconds(result.Attempts.Median)}";
        if (result.Passed)
        {
            yield return CourseRules.Passed;
            yield break;
        }

        yield return result.Error ?? $"Error: {result.Broken[0]}";
        yield return "";
        yield return CourseRules.Failed;
    }

    private static IEnumerable<string> Ours(MetricsResult result)
    {
        var record = result.Record;
        var run = record.TraceHash is { } hash ? $"virtual time, run {hash:x16}" : "real processes";
        yield return $"Experiment: {record.Experiment.Name}, seed {record.Experiment.Seed}, {run}";
        yield return $"History: {WordOf(result.Judgement.Verdict)}, {record.History.Operations.Count} operations";
        yield return Invariant($"Requests: {record.Requests.Count}, unanswered {result.Unanswered} ({result.UnansweredPercent:F2} %)");
        yield return Invariant(
            $"Latency of requests: p50 {1000 * result.Requests.Median:F2} ms, p95 {1000 * result.Requests.P95:F2} ms, ")
            + Invariant($"p99 {1000 * result.Requests.P99:F2} ms, max {1000 * result.Requests.Max:F2} ms");
        yield return $"{ReportLabels.Optimal}: {CourseRules.OptimalMessages(record)}";
        yield return "Messages: " + string.Join(", ", Enum.GetValues<MessageGroup>().Select(
            group => Invariant($"{record.Messages.Sum(slice => slice[(int)group])} {WordOf(group)}")));
        yield return "Elections:";
        foreach (var election in record.Elections)
            yield return Invariant($"  {Time(election.At)} s  term {election.Term}  {MetricsHub.NameOf(election.Server)}");
        foreach (var line in Faults(result)) yield return line;
        foreach (var line in Troubles(result)) yield return line;
    }

    private static IEnumerable<string> Faults(MetricsResult result)
    {
        if (result.Record.Faults.Count > 0) yield return "Faults:";
        foreach (var fault in result.Record.Faults)
        {
            var outage = result.Outages.FirstOrDefault(one => one.Fault == fault);
            var noticed = outage is null ? "" : outage.Seconds is { } seconds
                ? Invariant($"; Unavailable time after this fault: {seconds:F3} s") : "; nobody was served after it";
            var skipped = fault.Skipped is null ? "" : $": skipped, {fault.Skipped}";
            var until = fault.Until is { } end ? $" until {Time(end)} s" : "";
            yield return $"  {Time(fault.At)} s  {fault.What}{until}{skipped}{noticed}";
        }
    }

    private static IEnumerable<string> Troubles(MetricsResult result)
    {
        foreach (var error in result.Record.Errors.Take(ErrorsMax)) yield return error;
        if (result.Record.Errors.Count > ErrorsMax) yield return $"... and {result.Record.Errors.Count - ErrorsMax} more of these";
        foreach (var broken in result.Broken) yield return $"Broken: {broken}";
        foreach (var line in WindowText.Of(result.Judgement)) yield return line;
    }

    internal static string WordOf(MessageGroup group) => group switch
    {
        MessageGroup.Heartbeat => "heartbeats",
        MessageGroup.Append => "appends",
        MessageGroup.Vote => "votes",
        MessageGroup.Reply => "replies",
        MessageGroup.Client => "of clients",
        _ => "other",
    };

    private static string Gap(MetricsResult result) =>
        double.IsPositiveInfinity(result.LongestOutage) ? "never" : Invariant($"{result.LongestOutage:F3}");

    private static string Time(long ticks) => Invariant($"{ticks / (double)TimeSpan.TicksPerSecond:F3}");

    private static string Seconds(double seconds) => seconds.ToString("0.########", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
