using Balsa.Simulation.Metrics.Hubs;

namespace Balsa.Simulation.Metrics.Reports;

/// <summary>The labels of the course's report, letter by letter and in their order, and what stands behind each.</summary>
public static class ReportLabels
{
    public const string Leaders = "Leaders";

    /// <summary>Those with whole numbers.</summary>
    public static readonly IReadOnlyList<(string Label, Func<MetricsCounters, long> Count)> Counts =
    [
        ("Servers that crashed during execution", counters => counters.Crashed),
        ("Servers that were failed by simulator", counters => counters.Failed),
        ("Total messages sent", counters => counters.Messages),
        ("Total client get() requests", counters => counters.Gets),
        ("Total client put() requests", counters => counters.Puts),
        ("Total duplicate responses", counters => counters.Duplicates),
        ("Total unanswered get() requests", counters => counters.GetsUnanswered),
        ("Total unanswered put() requests", counters => counters.PutsUnanswered),
        ("Total number of messages are redirected to leader by followers", counters => counters.Redirects),
        ("Total get() failure", counters => counters.GetFailures),
        ("Total put() failures", counters => counters.PutFailures),
        ("Total get() with wrong_get response", counters => counters.Wrong),
    ];

    public const string Mean = "Mean request/response latency", Median = "Median request/response latency";

    public const string Optimal = "Optimal total number of messages when no crashes of servers(not self)";
}
