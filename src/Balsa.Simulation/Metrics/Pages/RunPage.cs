using System.Globalization;
using Balsa.Simulation.Judging.Windows;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>The report of one run as a page: what was decided first, then everything on one axis of time.</summary>
public static class RunPage
{
    public static string Of(MetricsResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var name = result.Record.Experiment.Name;
        var html = new Html($"{name}: {(result.Passed ? "passed" : "failed")}");
        html.Raw($"<h1>{Svg.Escaped(name)}, seed {result.Record.Experiment.Seed}</h1>");
        html.Raw(Verdict(result));
        foreach (var (title, how, plot) in Plots(result)) html.Section(title, how, plot);
        html.Section("The course's report", "In its words and in its order; what we add stands below.",
            $"<pre>{Svg.Escaped(string.Join('\n', ReportText.Lines(result)))}</pre>");
        html.Section("The experiment", "With these settings the run can be repeated.", Html.Table([], Settings(result.Record.Experiment)));
        return html.ToString();
    }

    /// <summary>All plots of a run, in the order in which they are read.</summary>
    internal static IEnumerable<(string Title, string How, string Plot)> Plots(MetricsResult result)
    {
        var (record, axis) = (result.Record, new TimeAxis(result.Record));
        if (result.Judgement.Window.Count > 0)
            yield return ("What is wrong", "The fewest operations that no order explains, each from its begin to its end.",
                WindowPlot.Of(result.Judgement) + $"<pre>{Svg.Escaped(string.Join('\n', WindowText.Of(result.Judgement)))}</pre>");
        yield return ("Who led, when", "A thick bar leads, with number and colour of its term; a frame stands for election; ✕ is down.",
            LeaderPlot.Of(record, axis));
        yield return ("Latency of every request", "Round for a get, square for a put; redirects and repeated attempts are in it.",
            LatencyPlot.Of(record, axis));
        yield return ("Availability", "Of the requests that began in a quarter of a second, how many were served within 0.1 s.",
            AvailabilityPlot.Of(result, axis));
        if (record.Lags.Count > 0)
            yield return ("Entries behind", "How many committed entries each server had not applied yet.", LagPlot.Of(record, axis));
        yield return ("Messages", "Messages a second for servers, of clients and of each other.", MessagePlot.Of(record, axis));
    }

    internal static string Verdict(MetricsResult result)
    {
        var why = result.Passed ? "" : $"<br>{Svg.Escaped(result.Error ?? result.Broken[0])}";
        var figures = FormattableString.Invariant(
            $"{result.Record.Requests.Count} requests, {result.UnansweredPercent:F2} % unanswered; ")
            + FormattableString.Invariant($"p50 {1000 * result.Requests.Median:F2} ms, p99 {1000 * result.Requests.P99:F2} ms; ")
            + $"{result.Leaders} leaders; {result.Record.Counters.Messages} messages; "
            + $"history {ReportText.WordOf(result.Judgement.Verdict)}";
        var (kind, word) = result.Passed ? ("verdict", "✓ passed") : ("verdict failed", "✕ failed");
        return $"<p class=\"{kind}\"><strong>{word}</strong> {Svg.Escaped(figures)}{why}</p>";
    }

    internal static IEnumerable<IReadOnlyList<string>> Settings(Experiment experiment) =>
    [
        ["servers", $"{experiment.Servers}"], ["clients", $"{experiment.Clients}"], ["requests", $"{experiment.Requests}"],
        ["gp_ratio", Word(experiment.GetShare)], ["total_execution_time", $"{Word(experiment.Seconds)} s"],
        ["only_hb, stop_requests", $"{Word(experiment.QuietStart)} s, {Word(experiment.QuietEnd)} s"], ["loss", Word(experiment.Loss)],
        ["delay", $"{Word(experiment.DelayMs)} ms"], ["heartbeat", $"{Word(experiment.HeartbeatMs)} ms"],
        ["election timeout", $"{Word(experiment.ElectionTimeoutMs)} ms"], ["seed", $"{experiment.Seed}"],
        .. experiment.Actions.Select(action => (IReadOnlyList<string>)["action", $"{action.Category} at {Word(action.At)} s"]),
    ];

    private static string Word(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
