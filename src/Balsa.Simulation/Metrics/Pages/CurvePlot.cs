using System.Globalization;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>How a figure follows a parameter: a line through the runs, one line for each setting of the other parameters.</summary>
internal static class CurvePlot
{
    private const double Width = 480, Height = 220, Left = 70, Right = 20, Top = 30, Bottom = 180;
    private const int Colours = 6;

    internal static string Of(
        string title, string parameter, IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines)
    {
        var svg = new Svg(Width, Height, $"{title} by {parameter}");
        svg.Text(Left, 16, title, "plot-title");
        var all = lines.SelectMany(line => line.Points).Where(point => double.IsFinite(point.Y)).ToArray();
        if (all.Length == 0) return svg.ToString();
        var (least, most) = (all.Min(point => point.X), all.Max(point => point.X));
        var highest = Math.Max(all.Max(point => point.Y), 1e-9);
        double X(double value) => most == least ? Left : Left + (Width - Left - Right) * (value - least) / (most - least);
        double Y(double value) => Bottom - (Bottom - Top) * value / highest;
        foreach (var share in (ReadOnlySpan<double>)[0, 0.5, 1])
        {
            svg.Line(Left, Y(highest * share), Width - Right, Y(highest * share), "grid");
            svg.Text(Left - 6, Y(highest * share) + 4, Word(highest * share), "tick", "end");
        }

        foreach (var value in all.Select(point => point.X).Distinct().Order())
            svg.Text(X(value), Bottom + 16, Word(value), "tick", "middle");
        svg.Text(Width - Right, Bottom + 32, parameter, "tick", "end");
        for (var i = 0; i < lines.Count; i++)
        {
            var points = lines[i].Points.Where(point => double.IsFinite(point.Y)).OrderBy(point => point.X).ToArray();
            svg.Curve(points.Select(point => (X(point.X), Y(point.Y))), $"curve g{i % Colours}");
            foreach (var point in points)
                svg.Circle(X(point.X), Y(point.Y), 3, $"dot g{i % Colours}", $"{lines[i].Name} {Word(point.X)}: {Word(point.Y)}".Trim());
        }

        return svg.ToString();
    }

    private static string Word(double number) => number.ToString(number >= 100 ? "0" : "0.###", CultureInfo.InvariantCulture);
}
