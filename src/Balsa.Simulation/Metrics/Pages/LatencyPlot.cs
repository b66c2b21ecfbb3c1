using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Every request, where it began and how long it took: round for a get, square for a put. The scale is logarithmic.</summary>
internal static class LatencyPlot
{
    private const double Height = 200, Top = 8, Bottom = 170;
    private const double MostMs = 10_000, LeastMs = 0.1;
    private const int DotsMax = 3000, Columns = 200, Rows = 40;

    internal static string Of(MetricsRecord record, TimeAxis axis)
    {
        var svg = new Svg(TimeAxis.PageWidth, Height, "latency of every request");
        axis.Draw(svg, Top, Bottom);
        foreach (var ms in (ReadOnlySpan<double>)[0.1, 1, 10, 100, 1000, 10_000])
        {
            svg.Line(TimeAxis.Left, Y(ms), TimeAxis.Left + TimeAxis.Inner, Y(ms), "grid");
            svg.Text(TimeAxis.Left - 8, Y(ms) + 4, ms >= 1000 ? $"{ms / 1000} s" : FormattableString.Invariant($"{ms} ms"), "tick", "end");
        }

        if (record.Requests.Count <= DotsMax)
        {
            foreach (var request in record.Requests) Draw(svg, axis, request);
            return svg.ToString();
        }

        DrawMany(svg, axis, record);
        foreach (var request in record.Requests)
            if (request.State != RequestState.Done || Ms(request) >= 100) Draw(svg, axis, request);
        return svg.ToString();
    }

    private static double Ms(MetricsRequest request) => (request.EndedAt - request.BegunAt) / (double)TimeSpan.TicksPerMillisecond;

    private static double Y(double ms) =>
        Bottom - (Bottom - Top) * Math.Log10(Math.Clamp(ms, LeastMs, MostMs) / LeastMs) / Math.Log10(MostMs / LeastMs);

    private static void Draw(Svg svg, TimeAxis axis, MetricsRequest request)
    {
        var (x, y) = (axis.X(request.BegunAt), Y(Ms(request)));
        var kind = request.State switch
        {
            RequestState.Done => request.IsGet ? "get" : "put",
            RequestState.Wrong => "wrong",
            _ => "unanswered",
        };
        var hint = FormattableString.Invariant(
            $"{(request.IsGet ? "get" : "put")} {request.Key} at {request.BegunAt / 1e7:F3} s: ")
            + FormattableString.Invariant($"{request.State}, {Ms(request):F2} ms, {request.Attempts} attempts");
        var isRare = request.State != RequestState.Done || request.Attempts > 2;
        if (request.IsGet) svg.Circle(x, y, isRare ? 3.5 : 2.2, kind, isRare ? hint : null);
        else svg.Rect(x - 2, y - 2, isRare ? 6 : 4, isRare ? 6 : 4, kind, isRare ? hint : null);
    }

    /// <summary>So many dots would only be a stain: how many are where, instead.</summary>
    private static void DrawMany(Svg svg, TimeAxis axis, MetricsRecord record)
    {
        var counts = new int[Columns, Rows];
        foreach (var request in record.Requests)
        {
            var column = Math.Min(Columns - 1, (int)((axis.X(request.BegunAt) - TimeAxis.Left) / TimeAxis.Inner * Columns));
            var row = Math.Min(Rows - 1, (int)((Y(Ms(request)) - Top) / (Bottom - Top) * Rows));
            counts[column, row]++;
        }

        for (var column = 0; column < Columns; column++)
        {
            for (var row = 0; row < Rows; row++)
            {
                if (counts[column, row] == 0) continue;
                var shade = counts[column, row] switch { < 3 => "few", < 10 => "some", _ => "many" };
                svg.Rect(
                    TimeAxis.Left + TimeAxis.Inner * column / Columns, Top + (Bottom - Top) * row / Rows, TimeAxis.Inner / Columns,
                    (Bottom - Top) / Rows, shade);
            }
        }
    }
}
