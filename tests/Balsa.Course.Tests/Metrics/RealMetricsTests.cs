using Command = Balsa.System.Tests.Cli;

namespace Balsa.Course.Tests.Metrics;

/// <summary>The experiments of the course's simulator on real processes, in real time, through a hub of datagrams.</summary>
public sealed class RealMetricsTests
{
    [Theory]
    [InlineData("metrics_1", 1, 0)]
    [InlineData("metrics_2", 3, 2)]
    [Row("S4-09", "S4-12", "S4-27", "S4-24", "S4-32", "S4-36", "S4-37", "S4-42", "M4-13", "M4-17", "M4-22")]
    public async Task Both_experiments_pass_on_processes(string name, int leaders, int failed)
    {
        using var cli = new Command();
        var result = await cli.RunAsync("sim", "metrics", name, "--real", "--trace", "--json");
        Assert.True(result.Code == 0, result.Out + result.Error);
        Assert.Matches(@"(?m)^\[T\d+\.\d{6}  S_ID 000[0-4]\]: .+$", result.Error);
        var json = result.Json;
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Equal("linearizable", json.GetProperty("verdict").GetString());
        Assert.Equal(0, json.GetProperty("Servers that crashed during execution").GetInt32());
        Assert.Equal(failed, json.GetProperty("Servers that were failed by simulator").GetInt32());
        Assert.Equal(0, json.GetProperty("Total get() with wrong_get response").GetInt32());
        Assert.InRange(json.GetProperty("unansweredPercent").GetDouble(), 0, 1);
        // A machine with too much to do may elect once more than was asked for.
        Assert.InRange(json.GetProperty("distinctLeaders").GetInt32(), leaders, 5);
    }

    [Theory]
    [InlineData("99999 0000 0001", "99999")]
    [InlineData("5001 leader 0001", "leader")]
    [InlineData("5001 0000 0000", "twice")]
    [InlineData("5001 0000 0001 --election-timeout 60", "twice the heartbeat")]
    public async Task Names_and_ports_that_cannot_be_are_refused(string words, string named)
    {
        using var cli = new Command();
        var result = await cli.RunAsync(["lan", .. words.Split(' ')]);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }
}
