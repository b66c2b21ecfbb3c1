using System.Globalization;
using System.Text;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Many runs on one page: a table, how each figure follows the parameters, and each run's plots folded away.</summary>
public static class ManyPage
{
    private static readonly (string Title, Func<MetricsResult, double> Value)[] Figures =
    [
        ("median latency, ms", result => 1000 * result.Requests.Median), ("p99 latency, ms", result => 1000 * result.Requests.P99),
        ("unanswered, %", result => result.UnansweredPercent), ("longest outage, s", result => result.LongestOutage),
        ("elections", result => result.Record.Elections.Count), ("messages", result => result.Record.Counters.Messages),
    ];

    private static readonly string[] Head =
        ["", "run", "leaders", "crashed", "failed", "messages", "unanswered %", "p50 ms", "p99 ms", "outage s", "history"];

    public static string Of(IReadOnlyList<MetricsResult> results, IReadOnlyList<Sweep> sweeps)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(sweeps);
        var failed = results.Count(result => !result.Passed);
        var html = new Html($"{results.Count} runs");
        html.Raw($"<h1>{results.Count} runs</h1>");
        var word = failed == 0 ? "✓ all passed" : $"✕ {failed} failed";
        html.Raw($"<p class=\"verdict{(failed == 0 ? "" : " failed")}\"><strong>{word}</strong></p>");
        html.Section("All runs", "Open a run below for its plots.", Html.Table(Head, results.Select(Row)));
        if (sweeps.Count > 0)
            html.Section(
                "What depends on what", $"Each dot is a run. Lines join runs that differ in {sweeps[0].Name} alone.",
                Curves(results, sweeps));
        html.Section("Each run", "Faults, elections, availability, latency and messages on one axis of time.", "");
        foreach (var result in results) html.Raw(Folded(result));
        html.Section(
            "Settings", "Of the first run; the name of each run says what is different.",
            Html.Table([], RunPage.Settings(results[0].Record.Experiment)));
        return html.ToString();
    }

    private static IReadOnlyList<string> Row(MetricsResult result) =>
    [
        result.Passed ? "✓" : "✕", result.Record.Experiment.Name, $"{result.Leaders}", $"{result.Record.Counters.Crashed}",
        $"{result.Record.Counters.Failed}", $"{result.Record.Counters.Messages}", Word(result.UnansweredPercent),
        Word(1000 * result.Requests.Median), Word(1000 * result.Requests.P99), Word(result.LongestOutage),
        ReportText.WordOf(result.Judgement.Verdict),
    ];

    private static string Curves(IReadOnlyList<MetricsResult> results, IReadOnlyList<Sweep> sweeps)
    {
        var curves = new StringBuilder("<div class=\"curves\">");
        foreach (var (title, value) in Figures)
        {
            var lines = results.GroupBy(result => NameOf(result.Record.Experiment, sweeps), StringComparer.Ordinal)
                .Select(line => (line.Key, (IReadOnlyList<(double, double)>)[.. line.Select(
                    result => (sweeps[0].ValueIn(result.Record.Experiment), value(result)))])).ToArray();
            curves.Append(CurvePlot.Of(title, sweeps[0].Name, lines));
        }

        return curves.Append("</div>").ToString();
    }

    /// <summary>What stays the same along a line.</summary>
    private static string NameOf(Experiment experiment, IReadOnlyList<Sweep> sweeps)
    {
        var others = sweeps.Skip(1).Select(sweep => $"{sweep.Name}={Word(sweep.ValueIn(experiment))}");
        return string.Join(' ', others.Prepend(experiment.Name.Split(' ')[0]));
    }

    private static string Folded(MetricsResult result)
    {
        var name = Svg.Escaped(result.Record.Experiment.Name);
        var folded = new StringBuilder("<details><summary>").Append(result.Passed ? "✓ " : "✕ ").Append(name).Append("</summary>")
            .Append(RunPage.Verdict(result));
        foreach (var (title, _, plot) in RunPage.Plots(result))
            folded.Append("<h2>").Append(Svg.Escaped(title)).Append("</h2>").Append(plot);
        return folded.Append("</details>").ToString();
    }

    private static string Word(double number) =>
        double.IsPositiveInfinity(number) ? "never" : number.ToString("0.###", CultureInfo.InvariantCulture);
}
