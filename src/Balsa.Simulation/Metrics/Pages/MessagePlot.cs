using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Messages a second, each group with a line of its own. They have their own plot: next to anything else they hide it.</summary>
internal static class MessagePlot
{
    private const double Height = 200, Top = 22, Bottom = 170;

    internal static string Of(MetricsRecord record, TimeAxis axis)
    {
        var svg = new Svg(TimeAxis.PageWidth, Height, "messages a second");
        axis.Draw(svg, Top, Bottom);
        var perSecond = TimeSpan.TicksPerSecond / (double)MetricsRecord.SliceTicks;
        var most = Math.Max(1, record.Messages.Count == 0 ? 1 : record.Messages.Max(slice => slice.Max()) * perSecond);
        foreach (var share in (ReadOnlySpan<double>)[0, 0.5, 1])
        {
            var y = Bottom - (Bottom - Top) * share;
            svg.Line(TimeAxis.Left, y, TimeAxis.Left + TimeAxis.Inner, y, "grid");
            svg.Text(TimeAxis.Left - 8, y + 4, $"{Math.Round(most * share)} /s", "tick", "end");
        }

        var x = TimeAxis.Left;
        foreach (var group in Enum.GetValues<MessageGroup>())
        {
            var points = record.Messages.Select((slice, number) => (
                axis.X(number * MetricsRecord.SliceTicks + MetricsRecord.SliceTicks / 2),
                Bottom - (Bottom - Top) * (slice[(int)group] * perSecond / most)));
            svg.Curve(points, $"curve g{(int)group}");
            svg.Line(x, 8, x + 18, 8, $"curve g{(int)group}");
            svg.Text(x + 22, 12, ReportText.WordOf(group), "tick");
            x += 110;
        }

        return svg.ToString();
    }
}
