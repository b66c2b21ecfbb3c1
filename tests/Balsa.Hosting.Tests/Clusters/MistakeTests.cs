using Balsa.Hosting.Errors;
using Balsa.Hosting.Local;

namespace Balsa.Hosting.Tests.Clusters;

/// <summary>Commands that throw.</summary>
public sealed class MistakeTests
{
    [Fact]
    public async Task A_command_that_throws_everywhere_ends_serving_and_the_log_goes_on()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync();
        await cluster.ExecuteAsync(new Add(1));

        var failed = await Assert.ThrowsAsync<ApplyFailedException>(() => cluster.ExecuteAsync(new Break(0)));

        Assert.Equal("Break (version 1)", failed.Command);
        Assert.Contains("InvalidOperationException: this was a mistake", failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ApplyFailedException>(() => cluster.ExecuteAsync(new Add(1)));
        foreach (var member in cluster.Members)
        {
            await Eventually.HoldsAsync(() => Task.FromResult(member.Failure), failure => failure is ApplyFailedException);
            await Assert.ThrowsAsync<ApplyFailedException>(() => member.QueryAsync(state => state.Value, ReadConsistency.Local));
            var status = await member.StatusAsync();
            Assert.True(status.LastIndex >= failed.Index);
            Assert.Contains("this was a mistake", status.Problem, StringComparison.Ordinal);
        }

        var gone = cluster.Names[0];
        await cluster.KillAsync(gone);
        await cluster.RestartAsync(gone);
        await Eventually.HoldsAsync(() => Task.FromResult(cluster[gone].Failure), failure => failure is ApplyFailedException);
    }

    [Fact]
    public async Task A_leader_that_lost_its_state_hands_on_and_the_others_serve()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync();
        await cluster.ExecuteAsync(new Add(1));
        var broken = cluster[cluster.Leader!];
        var number = await broken.QueryAsync(state => state.Number);

        await Assert.ThrowsAsync<ApplyFailedException>(() => broken.ExecuteAsync(new Break(number)));

        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Leader), leader => leader is not null && leader != broken.Name);
        var healthy = cluster[cluster.Leader!];
        Assert.Equal(2, await healthy.ExecuteAsync(new Add(1)));
        Assert.Null(healthy.Failure);
        Assert.NotNull(broken.Failure);
        var seen = (await healthy.StatusAsync()).LastIndex;
        await Eventually.HoldsAsync(() => broken.StatusAsync(), status => status.LastIndex >= seen && status.CommitIndex >= seen);
    }

    [Fact]
    public async Task A_command_that_nobody_could_read_is_refused_at_once()
    {
        await using var cluster = await LocalCluster<Ledger>.StartAsync(
            new LocalClusterOptions<Ledger>
            {
                Nodes = 1,
                Model = RaftModel.Of<Ledger>() with { Commands = new Commands.CommandCatalog<Ledger>().Add<Add, long>().Add<Mark, int>() },
            });

        var unknown = await Assert.ThrowsAsync<ImpossibleCommandException>(() => cluster.ExecuteAsync(new Fill(1)));
        var large = await Assert.ThrowsAsync<ImpossibleCommandException>(() => cluster.ExecuteAsync(new Mark(new string('x', 3_000_000))));

        Assert.Contains("Fill is not in the catalog", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("Split it into several", large.Message, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.ExecuteAsync(new Add(1)));
    }
}
