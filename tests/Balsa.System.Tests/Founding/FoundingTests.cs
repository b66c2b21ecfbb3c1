using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests.Founding;

/// <summary>Real nodes that become a cluster, or say why they do not.</summary>
[Collection(Alone.Name)]
public sealed class FoundingTests
{
    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(2, 3, 1)]
    public async Task Nodes_found_one_cluster_in_any_order_of_start(int first, int second, int third)
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3);
        await using var one = plan.Start(first);
        Assert.True(await one.SaysAsync("founding waits for"));
        await using var two = plan.Start(second);
        Assert.True(await two.SaysAsync($"founding waits for n{third}"));
        await using var three = plan.Start(third);
        Assert.True(await one.IsReadyAsync() && await two.IsReadyAsync() && await three.IsReadyAsync());
        await AssertWritesWorkAsync(plan);
        var members = (await cli.DoAsync("member", "ls", "--json", "--endpoints", $"{plan.Clients[0]}")).Json.GetProperty("members");
        Assert.Equal(["n1", "n2", "n3"], members.EnumerateArray().Select(member => member.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_node_that_is_killed_while_the_cluster_is_founded_comes_back_and_belongs_to_it()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3);
        await using var one = plan.Start(1);
        await using (var two = plan.Start(2))
        {
            Assert.True(await two.SaysAsync("founding waits for n3"));
            await two.KillAsync();
        }

        await using var three = plan.Start(3);
        Assert.True(await three.SaysAsync("founding waits for n2"));
        await using var again = plan.Start(2);
        // The founder has told somebody; whoever it was, it dies before it can go on.
        Assert.True(await one.SaysAsync("founded cluster"));
        await one.KillAsync();
        await using var founder = plan.Start(1);
        Assert.True(await founder.IsReadyAsync() && await again.IsReadyAsync() && await three.IsReadyAsync());
        await AssertWritesWorkAsync(plan);
    }

    [Fact]
    public async Task A_node_that_nobody_waits_for_joins_when_it_comes()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3) { MoreFlags = ["--found-without", "n1"] };
        plan.FlagsOf[1] = ["--found-without", ""];
        await using var two = plan.Start(2);
        await using var three = plan.Start(3);
        Assert.True(await two.IsReadyAsync() && await three.IsReadyAsync());
        await AssertWritesWorkAsync(plan);
        await using var one = plan.Start(1);
        Assert.True(await one.SaysAsync("published name n1"));
        await MemberWaits.ForVotersAsync(cli, plan, ["n1", "n2", "n3"]);
    }

    [Fact]
    public async Task Nodes_with_other_lists_and_tokens_are_named_with_what_they_have()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 3);
        plan.FlagsOf[2] = ["--initial-cluster", plan.ListOf(1, 2)];
        plan.FlagsOf[3] = ["--initial-cluster-token", "another"];
        await using var one = plan.Start(1);
        await using var two = plan.Start(2);
        await using var three = plan.Start(3);
        Assert.True(await one.SaysAsync($"its --initial-cluster is {plan.ListOf(1, 2)}"));
        Assert.True(await one.SaysAsync("its --initial-cluster-token is \"another\""));
        Assert.False(one.HasEnded);
    }

    [Fact]
    public async Task A_node_that_has_no_place_in_the_cluster_of_its_peers_says_so_and_ends()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 2) { Founders = 1 };
        plan.FlagsOf[2] = ["--initial-cluster", plan.ListOf(1, 2)];
        await using var one = plan.Start(1);
        Assert.True(await one.IsReadyAsync());
        await using var two = plan.Start(2);
        var (code, said) = await two.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("n2 has no place in cluster", said, StringComparison.Ordinal);
        Assert.Contains("balsa member add n2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_process_on_the_directory_is_refused_before_and_after_the_founding()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 2);
        plan.Elsewhere[2] = plan.DirectoryOf(1);
        await using var one = plan.Start(1);
        Assert.True(await one.SaysAsync("founding waits for n2"));
        await using var thief = plan.Start(2);
        var (code, said) = await thief.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("is in use by another process", said, StringComparison.Ordinal);
        plan.Elsewhere.Remove(2);
        await using var two = plan.Start(2);
        Assert.True(await one.IsReadyAsync() && await two.IsReadyAsync());
        plan.Elsewhere[2] = plan.DirectoryOf(1);
        await using var late = plan.Start(2);
        Assert.Contains("is in use by another process", (await late.EndAsync()).Said, StringComparison.Ordinal);
    }

    private static async Task AssertWritesWorkAsync(ServerPlan plan)
    {
        var load = new Load(plan.Clients);
        await load.WriteUntilAsync(() => load.Acknowledged >= 5, limitMs: 20_000);
        await load.AssertHeldAsync(plan.Clients, local: false);
    }
}
