using Balsa.Raft.Probes;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Metrics.Experiments;
using Balsa.Simulation.Metrics.Hubs;
using Balsa.Simulation.Metrics.Pages;
using Balsa.Simulation.Metrics.Reports;

namespace Balsa.Simulation.Tests.Metrics;

/// <summary>Whole experiments on virtual time: the course's two, each kind of action, and planted mistakes.</summary>
public sealed class MetricsRunTests
{
    private const string LeaderFails = """{"category": "fail_leader", "trigger_point": 1}""";

    [Theory]
    [InlineData("metrics_1", 1, 0)]
    [InlineData("metrics_2", 3, 2)]
    [Row("S4-27", "S4-42", "S4-45", "S4-21", "M4-13", "M4-18", "M4-20")]
    public void The_experiments_of_the_course_pass(string name, int leaders, int failed)
    {
        var result = Experiments.RunShelved(name);
        var counters = result.Record.Counters;
        Assert.True(result.Passed, string.Join('\n', ReportText.Lines(result)));
        Assert.Equal((0, failed, 0, 0), (counters.Crashed, counters.Failed, counters.Wrong, counters.Duplicates));
        Assert.Equal(leaders, result.Leaders);
        Assert.True(result.UnansweredPercent <= 1);
        Assert.Equal(Verdict.Linearizable, result.Judgement.Verdict);
        Assert.All(result.Outages, outage => Assert.True(outage.Seconds < 1));
    }

    [Fact]
    [Row("S4-01", "S4-16", "S4-17", "S4-23", "S4-33", "S4-34", "S4-43", "M4-06", "M4-09", "M4-22", "M4-23")]
    public void Every_experiment_that_comes_along_passes()
    {
        Assert.True(ExperimentShelf.Names.Count >= 12);
        foreach (var name in ExperimentShelf.Names)
        {
            var result = Experiments.RunShelved(name);
            Assert.True(result.Passed, string.Join('\n', ReportText.Lines(result)));
            Assert.DoesNotContain(result.Record.Faults, fault => fault.Skipped is not null);
        }
    }

    [Fact]
    [Row("S4-30")]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var experiment = Experiments.With(LeaderFails);
        var (one, two) = (Experiments.Run(experiment), Experiments.Run(experiment));
        Assert.Equal(RunPage.Of(one), RunPage.Of(two));
        Assert.Equal(ReportText.Lines(one), ReportText.Lines(two));
        Assert.NotEqual(one.Record.TraceHash, Experiments.Run(experiment with { Seed = 2 }).Record.TraceHash);
    }

    [Fact]
    [Row("S4-45", "M4-11", "M4-24", "M4-25")]
    public void The_list_of_leaders_has_only_elected_ones_and_says_when_nobody_was_known()
    {
        var leaders = Experiments.Run(Experiments.With(LeaderFails)).Record.Leaders;
        Assert.Equal(4, leaders.Count);
        Assert.Equal(("unkown", "unkown"), (leaders[0], leaders[2]));
        Assert.NotEqual(leaders[1], leaders[3]);
    }

    [Fact]
    [Row("M4-14", "S4-31", "M4-21")]
    public void A_planted_stale_read_fails()
    {
        // A leader that stood still is asked what it has not heard of, and answers from what it has.
        var experiment = ExperimentShelf.Find("leader_pauses")!
            with { Requests = 3_000, Clients = 2, MessagesMax = 200_000, AskAnyone = 0.3 };
        var result = Experiments.Run(experiment, Mutant.HostReadsLocally);
        Assert.False(result.Passed);
        Assert.Equal(Verdict.NotLinearizable, result.Judgement.Verdict);
        Assert.InRange(result.Judgement.Window.Count, 2, 20);
        Assert.Contains("What is wrong", RunPage.Of(result), StringComparison.Ordinal);
        Assert.True(Experiments.Run(experiment, Mutant.None).Passed);
    }

    [Fact]
    [Row("M4-01", "M4-02")]
    public void A_planted_lost_write_fails()
    {
        // So quick a network, and so many requests, that some are between their answer and the disk when the power goes.
        var cuts = string.Join(", ", Enumerable.Range(1, 3).Select(
            number => $$"""{"category": "power_cut", "at": {{1 + 1.5 * number}}, "restart_after": 0.2}"""));
        var experiment = Experiments.With(
            cuts, ("servers", "1"), ("client_requests", "6000"), ("number_of_clients", "2"), ("max_packets", "1000000"));
        experiment = experiment with { DelayMs = 0.01 };
        var result = Experiments.Run(experiment, Mutant.LeaderCountsBeforeDurable);
        Assert.False(result.Passed, string.Join('\n', ReportText.Lines(result)));
        Assert.True(Experiments.Run(experiment, Mutant.None).Passed, string.Join('\n', ReportText.Lines(result)));
    }

    [Fact]
    [Row("S4-35")]
    public void What_cannot_be_done_is_skipped_and_said()
    {
        var early = Experiments.Run(Experiments.With("""{"category": "fail_leader", "at": 0}"""));
        Assert.Contains(early.Record.Faults, fault => fault.Skipped == "no leader is known");
        var lonely = Experiments.Run(Experiments.With("""{"category": "fail_follower", "trigger_point": 1}""", ("servers", "1")));
        Assert.Contains(lonely.Record.Faults, fault => fault.Skipped == "only one server is left");
        Assert.Equal(0, lonely.Record.Counters.Failed);
    }

    [Fact]
    [Row("M4-02", "M4-07")]
    public void One_server_of_three_acknowledges_nothing()
    {
        var result = Experiments.Run(Experiments.With(
            """{"category": "fail_leader", "trigger_point": 1}, {"category": "fail_leader", "trigger_point": 2}"""));
        var secondFailure = result.Record.Faults[1].At;
        Assert.Equal(2, result.Record.Counters.Failed);
        Assert.DoesNotContain(
            result.Record.Requests, request => request.State == RequestState.Done && request.AnsweredAttemptAt > secondFailure);
        Assert.False(result.Passed);
    }

    [Fact]
    [Row("S4-40")]
    public void Too_many_messages_end_the_run()
    {
        var result = Experiments.Run(Experiments.With("", ("max_packets", "100")));
        Assert.Equal("Error - Servers sent too many packets (>100), possible packet storm", result.Error);
        Assert.Equal(101, result.Record.Counters.Messages);
    }

    [Fact]
    [Row("S4-25", "M4-04", "M4-05")]
    public void A_server_that_was_away_for_thousands_of_puts_has_them_all_in_the_end()
    {
        var result = Experiments.Run(Experiments.With(
            """{"category": "fail_follower", "at": 1.1, "restart_after": 3}""", ("client_requests", "8000"), ("gp_ratio", "0"),
            ("max_packets", "1000000")));
        Assert.True(result.Passed, string.Join('\n', ReportText.Lines(result)));
        Assert.All(result.Record.Lags[^1].Behind, behind => Assert.InRange(behind, 0, 20));
        var away = result.Record.Requests.Count(request => request.BegunAt is > 11_000_000 and < 41_000_000);
        Assert.True(away >= 5_000, $"only {away} puts while it was away");
    }

    [Fact]
    [Row("S4-13", "S4-14", "S4-05")]
    public void Heartbeats_come_as_often_as_they_are_asked_for_and_nobody_waits_for_a_poll()
    {
        long Heartbeats(double ms)
        {
            var result = Experiments.Run(Experiments.With("") with { HeartbeatMs = ms });
            Assert.True(result.Requests.P95 < 0.01);
            return result.Record.Messages.Sum(slice => slice[(int)MessageGroup.Heartbeat] + slice[(int)MessageGroup.Append]);
        }

        Assert.InRange(Heartbeats(25) - Heartbeats(100), 150, 450);
    }

    [Fact]
    [Row("M4-15")]
    public void A_get_appends_nothing()
    {
        var result = Experiments.Run(Experiments.With("", ("gp_ratio", "0.95"), ("client_requests", "400")));
        var appends = result.Record.Messages.Sum(slice => slice[(int)MessageGroup.Append]);
        Assert.True(result.Record.Counters.Gets > 300);
        Assert.InRange(appends, 1, 4 * (result.Record.Counters.Puts + 10));
    }
}
