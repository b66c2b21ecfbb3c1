using System.Text.RegularExpressions;
using Balsa.Simulation.Metrics.Pages;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Tests.Metrics;

/// <summary>The report speaks the words of the course, and each of its rules can fail.</summary>
public sealed class ReportTests
{
    private static readonly string[] Labels =
    [
        "Leaders:", "", "Servers that crashed during execution: ", "Servers that were failed by simulator: ", "Total messages sent: ",
        "Total client get() requests: ", "Total client put() requests: ", "Total duplicate responses: ",
        "Total unanswered get() requests: ", "Total unanswered put() requests: ",
        "Total number of messages are redirected to leader by followers: ", "Total get() failure: ", "Total put() failures: ",
        "Total get() with wrong_get response: ", "Mean request/response latency: ", "Median request/response latency: ",
        "No errors, everything is working perfectly:)",
    ];

    [Fact]
    [Row("S4-38", "M4-19")]
    public void The_labels_are_those_of_the_course_in_its_order()
    {
        var lines = ReportText.Lines(Experiments.Run(Experiments.With(""))).ToArray();
        for (var i = 0; i < Labels.Length; i++) Assert.StartsWith(Labels[i], lines[i], StringComparison.Ordinal);
        Assert.Matches(@"^\['unkown', '000[0-2]'\]$", lines[1]);
        Assert.Matches(@": \d+$", lines[2]);
        Assert.Matches(@": 0\.\d+$", lines[14]);
    }

    [Fact]
    [Row("S4-39")]
    public void Each_rule_of_the_course_can_fail()
    {
        Assert.Null(Broken(_ => { }));
        Assert.Equal("Error: wrong get responses to get() or servers crashed", Broken(counters => counters.Wrong = 1));
        Assert.Equal("Error: wrong get responses to get() or servers crashed", Broken(counters => counters.Crashed = 1));
        Assert.Equal("Error: No state stored in servers", Broken(counters => counters.Stored = 0));
        Assert.Equal("Error: insufficient get() requests answered (41 > 80 * 0.50)", Broken(counters => counters.GetsUnanswered = 41));
        Assert.Equal("Error: insufficient put() requests answered (11 > 20 * 0.50)", Broken(counters => counters.PutsUnanswered = 11));
        Assert.Equal(
            "Error: insufficient get() requests were generated because insufficient put()s were accepted (9 > 80 * 0.10)",
            Broken(counters => counters.GetsNotCreated = 9));
        Assert.Equal("Error: too few messages between the servers", Broken(counters => counters.Messages = 9));
    }

    [Fact]
    [Row("S4-41")]
    public void The_optimal_number_of_messages_is_computed_as_the_course_does()
    {
        // 20 puts * 3 servers + 80 gets + (1 / 0.3) * 2 heartbeats, rounded, and ten.
        Assert.Equal(157, CourseRules.OptimalMessages(Experiments.Counted(_ => { })));
    }

    [Fact]
    [Row("S4-44")]
    public void A_page_is_one_file_that_needs_nothing_else()
    {
        var results = new[] { "0", "0.1" }.Select(loss => Experiments.Run(
            Balsa.Simulation.Metrics.Experiments.Sweep.Combine(
                Experiments.With(""), [Balsa.Simulation.Metrics.Experiments.Sweep.Parse($"loss={loss}")])[0])).ToArray();
        var page = ManyPage.Of(results, [Balsa.Simulation.Metrics.Experiments.Sweep.Parse("loss=0,0.1")]);
        Assert.InRange(page.Length, 10_000, 2 << 20);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        foreach (var title in (string[])["Who led, when", "Availability", "Latency of every request", "Messages", "What depends on what"])
            Assert.Contains(title, page, StringComparison.Ordinal);
        Assert.Equal(3, ReportCsv.Lines(results).Count());
    }

    private static string? Broken(Action<Balsa.Simulation.Metrics.Hubs.MetricsCounters> count) =>
        CourseRules.FirstBroken(Experiments.Counted(count));
}
