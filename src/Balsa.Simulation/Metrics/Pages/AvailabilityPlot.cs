using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Of the requests that began in a slice of time, how many were served within a tenth of a second; and outages.</summary>
internal static class AvailabilityPlot
{
    private const double Height = 120, Top = 18, Bottom = 90;
    private const long SoonTicks = 100 * TimeSpan.TicksPerMillisecond;

    internal static string Of(MetricsResult result, TimeAxis axis)
    {
        var record = result.Record;
        var svg = new Svg(TimeAxis.PageWidth, Height, "availability");
        axis.Draw(svg, Top, Bottom);
        var slices = (int)(record.Experiment.Seconds * TimeSpan.TicksPerSecond / MetricsRecord.SliceTicks) + 1;
        var (begun, served) = (new int[slices], new int[slices]);
        foreach (var request in record.Requests)
        {
            var slice = Math.Min(slices - 1, (int)(request.BegunAt / MetricsRecord.SliceTicks));
            begun[slice]++;
            if (request.State == RequestState.Done && request.EndedAt - request.BegunAt <= SoonTicks) served[slice]++;
        }

        for (var slice = 0; slice < slices; slice++)
        {
            if (begun[slice] == 0) continue;
            var (x, width) = (axis.X(slice * MetricsRecord.SliceTicks), axis.X(MetricsRecord.SliceTicks) - TimeAxis.Left - 0.5);
            var height = (Bottom - Top) * served[slice] / begun[slice];
            svg.Rect(x, Top, width, Bottom - Top - height, "missed", $"{begun[slice] - served[slice]} of {begun[slice]} later than 0.1 s");
            svg.Rect(x, Bottom - height, width, height, "served");
        }

        svg.Text(TimeAxis.Left - 8, Top + 6, "100 %", "tick", "end");
        svg.Text(TimeAxis.Left - 8, Bottom, "0 %", "tick", "end");
        foreach (var outage in result.Outages)
            if (outage.Seconds is { } seconds and >= 0.1)
                svg.Text(axis.X(outage.From), Top - 5, FormattableString.Invariant($"{seconds:F2} s"), "fault-name");
        return svg.ToString();
    }
}
