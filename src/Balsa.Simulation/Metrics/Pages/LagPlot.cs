using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>How many committed entries a server had not applied yet: a ridge for each.</summary>
internal static class LagPlot
{
    private const double Lane = 24;

    internal static string Of(MetricsRecord record, TimeAxis axis)
    {
        var servers = record.Experiment.Servers;
        var svg = new Svg(TimeAxis.PageWidth, servers * Lane + 34, "entries behind");
        axis.Draw(svg, 4, 4 + servers * Lane);
        var most = Math.Max(1, record.Lags.Max(mark => mark.Behind.Max()));
        for (var server = 0; server < servers; server++)
        {
            var ground = 4 + (server + 1) * Lane - 2;
            svg.Text(TimeAxis.Left - 8, ground - 6, MetricsHub.NameOf(server), "lane", "end");
            svg.Line(TimeAxis.Left, ground, TimeAxis.Left + TimeAxis.Inner, ground, "grid");
            foreach (var mark in record.Lags)
            {
                if (mark.Behind[server] <= 0) continue;
                var height = Math.Max(1, (Lane - 4) * mark.Behind[server] / most);
                svg.Rect(axis.X(mark.At) - 3, ground - height, 6, height, "behind", $"{mark.Behind[server]} entries behind");
            }
        }

        svg.Text(TimeAxis.PageWidth - TimeAxis.Right, 14, $"highest: {most} entries", "tick", "end");
        return svg.ToString();
    }
}
