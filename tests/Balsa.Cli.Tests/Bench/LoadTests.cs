using Balsa.Bench.Cluster;

namespace Balsa.Cli.Tests.Bench;

public sealed class LoadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public void No_more_calls_are_open_than_the_server_allows_and_than_there_are_callers(double rate)
    {
        using (var server = new StrictServer(callsMax: 8))
        {
            var result = LoadGenerator.Run(Plan(server, callers: 64) with { Rate = rate });
            Assert.Equal((2000L, 0L), (result.Operations, result.Errors));
            Assert.InRange(server.OpenAtMost, 1, 8);
        }

        using (var server = new StrictServer(callsMax: 1000))
        {
            var result = LoadGenerator.Run(Plan(server, callers: 4) with { Rate = rate });
            Assert.Equal(2000, result.Operations);
            Assert.InRange(server.OpenAtMost, 1, 4);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public void A_server_that_is_too_busy_is_asked_again(double rate)
    {
        using var server = new StrictServer(1000, "8", "8", "8", "0", "8");
        var result = LoadGenerator.Run(Plan(server, callers: 32) with { Rate = rate });
        Assert.Equal((2000L, 4L, 0L), (result.Operations, result.Repeated, result.Errors));
        Assert.Empty(result.Reasons);
    }

    [Fact]
    public void An_error_says_what_the_server_said()
    {
        using var server = new StrictServer(1000, "14", "0", "14", "13");
        var result = LoadGenerator.Run(Plan(server, callers: 1));
        Assert.Equal((1997L, 3L), (result.Operations, result.Errors));
        Assert.Equal((2L, 1L), (result.Reasons["status 14"], result.Reasons["status 13"]));
    }

    private static LoadPlan Plan(StrictServer server, int callers) => new()
    {
        Kind = LoadKind.Put, Endpoints = [server.Endpoint], Connections = 1, Clients = callers, Total = 2000, ValueBytes = 8,
    };
}
