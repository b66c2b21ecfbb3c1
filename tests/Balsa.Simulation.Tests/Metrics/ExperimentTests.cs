using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Simulation.Tests.Metrics;

/// <summary>Metrics files are read as the course writes them, and what is wrong is named.</summary>
public sealed class ExperimentTests
{
    [Fact]
    [Row("S4-28", "S4-42")]
    public void Both_files_of_the_course_come_along_with_its_values()
    {
        var (one, two) = (ExperimentShelf.Find("metrics_1")!, ExperimentShelf.Find("metrics_2")!);
        Assert.Equal((5, 8, 500, 20_000), (one.Servers, one.Clients, one.Requests, one.MessagesMax));
        Assert.Equal((30.0, 5.0, 2.0), (one.Seconds, one.QuietStart, one.QuietEnd));
        Assert.Equal((0.8, 0.2), (one.GetShare, two.GetShare));
        Assert.Equal([13.0, 21.0], two.Actions.Select(action => action.At));
        Assert.Equal(0.046, one.Spacing, 6);
        Assert.True(ExperimentShelf.Names.Count >= 14);
        foreach (var name in ExperimentShelf.Names) Assert.NotNull(ExperimentShelf.Find(name));
    }

    [Fact]
    [Row("S4-28")]
    public void Each_of_the_fourteen_keys_must_be_there()
    {
        foreach (var key in ExperimentReader.Keys)
        {
            var text = Experiments.Small.Replace($"\"{key}\"", "\"comment\"", StringComparison.Ordinal);
            var problem = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("small", text));
            Assert.Contains($"\"{key}\"", problem.Message, StringComparison.Ordinal);
        }

        Assert.Equal(14, ExperimentReader.Keys.Count);
    }

    [Theory]
    [InlineData("servers", "0")]
    [InlineData("servers", "\"five\"")]
    [InlineData("gp_ratio", "1.5")]
    [InlineData("number_of_clients", "2.5")]
    [InlineData("max_packets", "-1")]
    [InlineData("server_code", "7")]
    [InlineData("actions", "7")]
    [Row("S4-28")]
    public void A_value_that_cannot_be_is_refused_by_the_name_of_its_key(string key, string value)
    {
        var text = key == "actions"
            ? Experiments.Small.Replace("\"actions\": []", "\"actions\": 7", StringComparison.Ordinal)
            : Experiments.Replaced(Experiments.Small, key, value);
        var problem = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("small", text));
        Assert.Contains($"\"{key}\"", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("[]", "object")]
    [InlineData("{\"serverz\": 5}", "serverz")]
    public void What_is_no_metrics_file_is_refused(string text, string named)
    {
        var problem = Assert.Throws<ExperimentException>(() => ExperimentReader.Read("x", text));
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_may_be_written_with_spaces_and_servers_may_not_be_more_impatient_than_their_leader_is_quick()
    {
        var spaced = Experiments.Small.Replace("total_execution_time", "total execution time", StringComparison.Ordinal);
        Assert.Equal(6, ExperimentReader.Read("spaced", spaced).Seconds);
        var hasty = Experiments.Small.Replace("{\"server_code\"", "{\"heartbeat_ms\": 300, \"server_code\"", StringComparison.Ordinal);
        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("hasty", hasty));
    }

    [Theory]
    [InlineData("{\"category\": \"fail_leeder\", \"trigger_point\": 1}")]
    [InlineData("{\"category\": \"fail_leader\"}")]
    [InlineData("{\"category\": \"fail_leader\", \"trigger_point\": 99}")]
    [InlineData("{\"category\": \"fail_leader\", \"trigger_point\": 1, \"when\": 2}")]
    [InlineData("{\"category\": \"pause\", \"trigger_point\": 1, \"server\": 3}")]
    [InlineData("{\"category\": \"fail_leader\", \"trigger_point\": 1, \"mode\": \"explode\"}")]
    [Row("S4-34")]
    public void An_action_that_cannot_be_is_refused(string action) =>
        Assert.Throws<ExperimentException>(() => Experiments.With(action));

    [Fact]
    [Row("S4-34")]
    public void Configurations_of_the_older_course_are_read()
    {
        var read = ExperimentReader.Read("old", """
            {"lifetime": 10, "replicas": 3, "requests": 50, "mix": 0.6, "drops": 0.1, "seed": 9,
             "events": [{"type": "kill_leader", "time": 3}, {"type": "part_hard", "time": 5}, {"type": "part_end", "time": 7}],
             "tests": {"maximum_get_fail_fraction": 0.2}}
            """);
        Assert.Equal((10.0, 3, 50, 0.6, 0.1, 9UL), (read.Seconds, read.Servers, read.Requests, read.GetShare, read.Loss, read.Seed));
        Assert.Equal([ActionKind.FailLeader, ActionKind.PartitionHard, ActionKind.Heal], read.Actions.Select(action => action.Kind));
        Assert.Equal([3.0, 5.0, 7.0], read.Actions.Select(action => action.At));
        Assert.Equal(0.2, read.GetsUnansweredMax);
    }

    [Fact]
    [Row("S4-44")]
    public void A_sweep_is_every_combination_of_its_values()
    {
        var all = Sweep.Combine(Experiments.With(""), [Sweep.Parse("servers=3,5"), Sweep.Parse("loss=0,0.1,0.2")]);
        Assert.Equal(6, all.Count);
        Assert.Equal((5, 0.2), (all[5].Servers, all[5].Loss));
        foreach (var wrong in (string[])["servers", "servers=", "servers=0", "servers=2.5", "colour=3", "loss=1,2"])
            Assert.Throws<ExperimentException>(() => Sweep.Parse(wrong));
        Assert.Throws<ExperimentException>(() => Sweep.Combine(Experiments.With(""), [Sweep.Parse("heartbeat=200")]));
    }
}
