using System.Globalization;
using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>The rules of the course, in its order and its words.</summary>
internal static class CourseRules
{
    internal const string Passed = "No errors, everything is working perfectly:)", Failed = "Failed which checking all the metrics";

    /// <summary>The first that does not hold; null when all do.</summary>
    internal static string? FirstBroken(MetricsRecord record)
    {
        var (counters, experiment) = (record.Counters, record.Experiment);
        if (record.Errors.Find(error => error.Contains("packet storm", StringComparison.Ordinal)) is { } storm) return storm;
        if (counters.Wrong > 0 || counters.Crashed > 0) return "Error: wrong get responses to get() or servers crashed";
        if (counters.Stored == 0) return "Error: No state stored in servers";
        if (counters.GetsUnanswered > counters.PlannedGets * experiment.GetsUnansweredMax)
            return "Error: insufficient get() requests answered "
                + Compared(counters.GetsUnanswered, counters.PlannedGets, experiment.GetsUnansweredMax);
        if (counters.PutsUnanswered > counters.PlannedPuts * experiment.PutsUnansweredMax)
            return "Error: insufficient put() requests answered "
                + Compared(counters.PutsUnanswered, counters.PlannedPuts, experiment.PutsUnansweredMax);
        if (counters.GetsNotCreated > counters.PlannedGets * experiment.GetsNotCreatedMax)
            return "Error: insufficient get() requests were generated because insufficient put()s were accepted "
                + Compared(counters.GetsNotCreated, counters.PlannedGets, experiment.GetsNotCreatedMax);
        return counters.Messages < MessagesMin(record) ? "Error: too few messages between the servers" : null;
    }

    /// <summary>What the course calls optimal: a message a server for each put, one a get, and a heartbeat each 0.3 s.</summary>
    internal static long OptimalMessages(MetricsRecord record)
    {
        var (counters, experiment) = (record.Counters, record.Experiment);
        var heartbeats = experiment.QuietStart / 0.3 * (experiment.Servers - 1);
        return (long)Math.Round(counters.PlannedPuts * (double)experiment.Servers + counters.PlannedGets + heartbeats) + 10;
    }

    /// <summary>Ours may put many appends and reads into one message: only a message a put is certain, and not one a server.</summary>
    private static double MessagesMin(MetricsRecord record)
    {
        var experiment = record.Experiment;
        var puts = experiment.Requests * (1 - experiment.GetShare) * (1 - experiment.AppendsBatched);
        return experiment.IsBuiltin ? puts : puts * experiment.Servers;
    }

    private static string Compared(int count, int of, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"({count} > {of} * {share:F2})");
}
