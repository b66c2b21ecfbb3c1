using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>The axis that all plots of a run share: the same margins and the same width, so that the eye can go straight down.</summary>
internal sealed class TimeAxis
{
    internal const double PageWidth = 1000, Left = 90, Right = 20, Inner = PageWidth - Left - Right;

    private readonly long _ticks;
    private readonly IReadOnlyList<FaultMark> _faults;

    internal TimeAxis(MetricsRecord record)
    {
        _ticks = (long)(record.Experiment.Seconds * TimeSpan.TicksPerSecond);
        _faults = record.Faults.FindAll(fault => fault.Skipped is null);
    }

    internal double X(long ticks) => Left + Inner * Math.Clamp(ticks, 0, _ticks) / _ticks;

    /// <summary>Seconds below, faults behind.</summary>
    internal void Draw(Svg svg, double top, double bottom)
    {
        foreach (var fault in _faults)
        {
            var x = X(fault.At);
            if (fault.Until is { } until) svg.Rect(x, top, Math.Max(1, X(until) - x), bottom - top, "fault-band", fault.What);
            svg.Line(x, top, x, bottom, fault.IsRemedy ? "remedy" : "fault");
        }

        var seconds = _ticks / (double)TimeSpan.TicksPerSecond;
        var step = seconds <= 12 ? 1 : seconds <= 60 ? 5 : seconds <= 300 ? 30 : 300;
        for (var at = 0; at <= seconds; at += step)
        {
            var x = X(at * TimeSpan.TicksPerSecond);
            svg.Line(x, bottom, x, bottom + 4, "axis");
            svg.Text(x, bottom + 16, $"{at} s", "tick", "middle");
        }

        svg.Line(Left, bottom, Left + Inner, bottom, "axis");
    }

    /// <summary>Names of faults in lines of their own, so that they do not run into each other.</summary>
    internal double NameFaults(Svg svg, double top)
    {
        var ends = new List<double>();
        foreach (var fault in _faults)
        {
            var x = X(fault.At);
            var width = 6.2 * fault.What.Length + 14;
            var isRight = x + width > PageWidth - 4;
            var from = isRight ? x - width : x;
            var line = ends.FindIndex(end => end <= from);
            if (line < 0) (line, ends) = (ends.Count, [.. ends, 0]);
            ends[line] = from + width;
            var y = top + 14 * line;
            var (sign, kind) = fault.IsRemedy ? ("+ ", "remedy-name") : ("✕ ", "fault-name");
            svg.Text(isRight ? x - 3 : x + 3, y + 10, sign + fault.What, kind, isRight ? "end" : "start");
        }

        return top + 14 * ends.Count;
    }

    internal static double LinesFor(MetricsRecord record) => 14 * Math.Max(1, record.Faults.Count);
}
