using System.Text;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Metrics.Pages;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Cli.Commands.Sim.Metrics;

/// <summary>Reports as files; the ending of a name says which.</summary>
internal sealed class MetricsFiles(MetricsPlan plan, IReadOnlyList<MetricsResult> results)
{
    public void Write(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var text = Path.GetExtension(path) == ".html" ? Page() : string.Concat(Lines(path).Select(line => line + "\n"));
        File.WriteAllText(path, text, new UTF8Encoding(false));
    }

    private string Page() => plan.IsOne ? RunPage.Of(results[0]) : ManyPage.Of(results, plan.Sweeps);

    private IEnumerable<string> Lines(string path) => Path.GetExtension(path) switch
    {
        ".csv" => ReportCsv.Lines(results),
        ".jsonl" => HistoryWriter.Lines(results[0].Record.History),
        ".json" => results.Select(result => Output.JsonLine(json => ReportJson.Write(json, result))),
        _ when plan.IsOne => ReportText.Lines(results[0]),
        _ => [ReportText.HeadOfShort, .. results.Select(ReportText.InShort)],
    };
}
