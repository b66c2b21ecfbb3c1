using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>The smallest part of a history that no order explains: an interval for each operation, what it saw above it.</summary>
internal static class WindowPlot
{
    private const double Row = 34;
    private const int RowsMax = 40;

    internal static string Of(Judgement judgement)
    {
        var window = judgement.Window.TakeLast(RowsMax).ToArray();
        var svg = new Svg(TimeAxis.PageWidth, window.Length * Row + 30, "operations that no order explains");
        var begin = window.Min(operation => operation.Begin);
        var end = Math.Max(begin + 1, window.Max(operation => operation.End == Operation.Never ? operation.Begin : operation.End));
        double X(long time) => TimeAxis.Left + TimeAxis.Inner * 0.9 * (time - begin) / (end - begin);
        for (var i = 0; i < window.Length; i++)
        {
            var (operation, y) = (window[i], i * Row + 22);
            var isOpen = operation.End == Operation.Never;
            var (from, to) = (X(operation.Begin), isOpen ? TimeAxis.PageWidth - TimeAxis.Right : X(operation.End));
            svg.Text(TimeAxis.Left - 8, y + 6, operation.Client, "lane", "end");
            var isLast = i == window.Length - 1;
            var isLate = from > TimeAxis.PageWidth * 0.55;
            svg.Text(isLate ? to : from, y - 4, OperationText.Of(operation), isLast ? "fault-name" : "tick", isLate ? "end" : "start");
            svg.Rect(from, y, Math.Max(2, to - from), 9, isLast ? "illegal" : isOpen ? "open-end" : "legal");
        }

        var seconds = (end - begin) / (double)TimeSpan.TicksPerSecond;
        svg.Text(
            TimeAxis.Left, window.Length * Row + 22,
            FormattableString.Invariant($"from {begin / 1e7:F4} s, {1000 * seconds:F2} ms; dashed: its end was never seen"), "tick");
        return svg.ToString();
    }
}
