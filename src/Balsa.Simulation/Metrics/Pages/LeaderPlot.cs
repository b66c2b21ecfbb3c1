using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Who led when: a lane for each server, thick while it leads, in the colour and with the number of its term.</summary>
internal static class LeaderPlot
{
    private const double Lane = 26, Thick = 16, Thin = 4, NarrowestWithNumber = 12;
    private const int TermColours = 6;

    internal static string Of(MetricsRecord record, TimeAxis axis)
    {
        var servers = record.Experiment.Servers;
        var names = TimeAxis.LinesFor(record);
        var svg = new Svg(TimeAxis.PageWidth, names + servers * Lane + 34, "who led, when");
        var top = axis.NameFaults(svg, 2) + 4;
        axis.Draw(svg, top, top + servers * Lane);
        var end = (long)(record.Experiment.Seconds * TimeSpan.TicksPerSecond);
        for (var server = 0; server < servers; server++)
        {
            var middle = top + (server + 0.5) * Lane;
            svg.Text(TimeAxis.Left - 8, middle + 4, MetricsHub.NameOf(server), "lane", "end");
            var marks = record.Roles.FindAll(mark => mark.Server == server);
            for (var i = 0; i < marks.Count; i++) Draw(svg, axis, marks[i], i + 1 < marks.Count ? marks[i + 1].At : end, middle);
        }

        return svg.ToString();
    }

    private static void Draw(Svg svg, TimeAxis axis, RoleMark mark, long until, double middle)
    {
        var (x, width) = (axis.X(mark.At), axis.X(until) - axis.X(mark.At));
        var hint = FormattableString.Invariant(
            $"{MetricsHub.NameOf(mark.Server)} {mark.Role} of term {mark.Term} from {mark.At / 1e7:F3} s to {until / 1e7:F3} s");
        switch (mark.Role)
        {
            case ServerRole.Leader:
                svg.Rect(x, middle - Thick / 2, Math.Max(1, width), Thick, $"term{mark.Term % TermColours}", hint);
                if (width >= NarrowestWithNumber) svg.Text(x + 3, middle + 4, $"{mark.Term}", $"on-term{mark.Term % TermColours}");
                break;
            case ServerRole.Candidate:
                svg.Rect(x, middle - Thick / 4, Math.Max(1.5, width), Thick / 2, "candidate", hint);
                break;
            case ServerRole.Follower:
                svg.Rect(x, middle - Thin / 2, width, Thin, "follower", hint);
                break;
            case ServerRole.Paused:
                svg.Path($"M{Svg.Number(x)} {Svg.Number(middle)}h{Svg.Number(width)}", "paused", hint);
                break;
            default:
                svg.Text(x - 3, middle + 4, "✕", "down");
                break;
        }
    }
}
