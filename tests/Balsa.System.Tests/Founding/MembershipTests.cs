using Balsa.Cli.Clients;
using Balsa.Server.Protocol;
using Balsa.System.Tests.Clients;
using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests.Founding;

/// <summary>Real clusters whose members change while clients write.</summary>
[Collection(Alone.Name)]
public sealed class MembershipTests
{
    [Fact]
    public async Task A_node_is_added_and_the_leader_removed_under_load_and_no_operation_fails()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 4);
        var (plan, load, isOver, failed) = (cluster.Plan, new Load(cluster.Plan.Clients), false, new List<string>());
        var writing = WriteAsync(load, plan, () => isOver, failed);

        await cli.DoAsync("member", "add", "n4", "--peer-urls", plan.PeerUrlOf(4), "--endpoints", cluster.Endpoints);
        await cluster.StartAsync(4);
        await MemberWaits.ForVotersAsync(cli, plan, ["n1", "n2", "n3", "n4"]);

        var leader = await cluster.LeaderAsync();
        var removed = await cli.DoAsync("member", "remove", $"n{leader}", "--json", "--endpoints", cluster.Endpoints);
        Assert.Equal(3, removed.Json.GetProperty("before").GetProperty("quorum").GetInt32());
        Assert.Equal(2, removed.Json.GetProperty("after").GetProperty("quorum").GetInt32());
        await AssertEndsAsync(cluster.Runs[leader], $"n{leader}");

        var before = load.Acknowledged;
        var until = DateTime.UtcNow.AddSeconds(60);
        while (load.Acknowledged < before + 20 && DateTime.UtcNow < until) await Task.Yield();
        isOver = true;
        await writing;
        Assert.Empty(failed);
        Assert.True(load.Acknowledged >= before + 20);
        await load.AssertHeldAsync([.. plan.Clients.Where((_, i) => i != leader - 1)], local: false);
    }

    [Fact]
    public async Task Who_was_removed_stops_by_itself_a_learner_and_one_that_was_down_too()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 4);
        var plan = cluster.Plan;
        string[] added = ["member", "add", "n4", "--peer-urls", plan.PeerUrlOf(4), "--learner", "--endpoints", cluster.Endpoints];
        await cli.DoAsync(added);
        await cluster.StartAsync(4);
        await cli.DoAsync("member", "remove", "n4", "--endpoints", cluster.Endpoints);
        await AssertEndsAsync(cluster.Runs[4], "n4");

        var away = await cluster.LeaderAsync() == 3 ? 2 : 3;
        await cluster.Runs[away].KillAsync();
        await cli.DoAsync("member", "remove", $"n{away}", "--endpoints", cluster.Endpoints);
        await using var late = plan.Start(away);
        await AssertEndsAsync(late, $"n{away}");
    }

    private static async Task AssertEndsAsync(ServerRun run, string name)
    {
        var (code, said) = await run.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains($"{name} was removed from its cluster and has stopped", said, StringComparison.Ordinal);
    }

    [Fact]
    [Row("S3-04")]
    public async Task A_member_whose_directory_is_gone_refuses_and_comes_back_when_it_is_replaced()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 3);
        var load = new Load(cluster.Plan.Clients);
        await load.WriteUntilAsync(() => load.Acknowledged >= 20);
        await cluster.Runs[2].KillAsync();
        Directory.Delete(cluster.Plan.DirectoryOf(2), recursive: true);

        await using var refused = cluster.Plan.Start(2);
        var (code, said) = await refused.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("balsa member replace n2", said, StringComparison.Ordinal);

        await cli.DoAsync("member", "replace", "n2", "--endpoints", cluster.Endpoints);
        await cluster.StartAsync(2);
        await MemberWaits.ForVotersAsync(cli, cluster.Plan, ["n1", "n2", "n3"]);
        await load.AssertHeldAsync([cluster.Plan.Clients[1]], local: false);
    }

    [Fact]
    [Row("S3-04")]
    public async Task A_member_whose_directory_is_gone_is_replaced_by_itself_where_that_is_wanted()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 3, "--auto-replace-wiped");
        await cluster.Runs[3].KillAsync();
        Directory.Delete(cluster.Plan.DirectoryOf(3), recursive: true);
        await cluster.StartAsync(3);
        await MemberWaits.ForVotersAsync(cli, cluster.Plan, ["n1", "n2", "n3"]);
        var members = (await cli.DoAsync("member", "ls", "--json", "--endpoints", cluster.Endpoints)).Json.GetProperty("members");
        Assert.Equal(["1", "2", "4"], members.EnumerateArray().Select(member => member.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_directory_that_went_back_in_time_is_refused()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 3);
        var load = new Load(cluster.Plan.Clients);
        await load.WriteUntilAsync(() => load.Acknowledged >= 5);
        await cluster.Runs[3].StopAsync();
        var (directory, image) = (cluster.Plan.DirectoryOf(3), cluster.Plan.DirectoryOf(3) + ".old");
        Copy(directory, image);
        await cluster.StartAsync(3);
        await MemberWaits.ForVotersAsync(cli, cluster.Plan, ["n1", "n2", "n3"], ask: 3);
        await load.WriteUntilAsync(() => load.Acknowledged >= 20);
        await cluster.Runs[3].StopAsync();
        Directory.Delete(directory, recursive: true);
        Directory.Move(image, directory);
        // Its boot is the one that was seen before, so only a second start of the old image could be mistaken for it.
        await using var old = cluster.Plan.Start(3);
        var (code, said) = await old.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains("went back in time", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Steps_that_would_lose_the_quorum_are_refused_and_nothing_happens()
    {
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 3, nodes: 4);
        var dry = await cli.DoAsync("member", "remove", "n3", "--dry-run", "--json", "--endpoints", cluster.Endpoints);
        Assert.True(dry.Json.GetProperty("dryRun").GetBoolean());
        var unknown = await cli.RunAsync("member", "remove", "n9", "--endpoints", cluster.Endpoints);
        Assert.Equal(3, unknown.Code);
        await cli.DoAsync("member", "add", "n4", "--peer-urls", cluster.Plan.PeerUrlOf(4), "--learner", "--endpoints", cluster.Endpoints);
        await cluster.Runs[3].KillAsync();
        var taken = await cli.RunAsync("member", "add", "n5", "--peer-urls", cluster.Plan.PeerUrlOf(4), "--endpoints", cluster.Endpoints);
        Assert.Contains("has the address", taken.Error, StringComparison.Ordinal);
        // A leader believes in a member for an election time-out after it heard it last.
        string[] words = ["member", "add", "n5", "--peer-urls", "http://127.0.0.1:9", "--endpoints", cluster.Endpoints];
        var more = await cli.RunAsync([.. words, "--dry-run"]);
        for (var tries = 0; more.Code == 0 && tries < 50; tries++) more = await cli.RunAsync([.. words, "--dry-run"]);
        more = await cli.RunAsync(words);
        Assert.Contains("of 3 voters 2 answer, and with 1 more a quorum would be 3", more.Error, StringComparison.Ordinal);
        var healthy = await cluster.LeaderAsync() == 1 ? "n2" : "n1";
        var unsafeStep = await cli.RunAsync("member", "remove", healthy, "--endpoints", cluster.Endpoints);
        Assert.Equal(5, unsafeStep.Code);
        Assert.Contains("a quorum is 2 of 2 voters, and 1 of them answer", unsafeStep.Error, StringComparison.Ordinal);
        await MemberWaits.ForVotersAsync(cli, cluster.Plan, ["n1", "n2", "n3"]);
    }

    [Fact]
    public async Task Etcdctl_adds_promotes_updates_and_removes_members()
    {
        Etcdctl.IsNeeded();
        using var cli = new Cli();
        await using var cluster = await SmallCluster.StartAsync(cli, founders: 1, nodes: 2);
        var (one, plan) = ($"{cluster.Plan.Clients[0]}", cluster.Plan);
        var added = await Etcdctl.DoAsync(one, "member", "add", "n2", "--learner", $"--peer-urls={plan.PeerUrlOf(2)}");
        Assert.Contains("Member                2 added to cluster", added, StringComparison.Ordinal);
        Assert.Contains("not found", (await Etcdctl.RunAsync(one, "member", "promote", "77")).Error, StringComparison.Ordinal);
        Assert.Contains("in sync with leader", (await Etcdctl.RunAsync(one, "member", "promote", "2")).Error, StringComparison.Ordinal);
        var taken = await Etcdctl.RunAsync(one, "member", "add", "n3", $"--peer-urls={plan.PeerUrlOf(2)}");
        Assert.Contains("Peer URLs already exists", taken.Error, StringComparison.Ordinal);
        await cluster.StartAsync(2);
        Assert.True(await cluster.Runs[2].SaysAsync("published name n2"));
        await Etcdctl.DoAsync($"{plan.Clients[1]}", "member", "promote", "2");
        await MemberWaits.ForVotersAsync(cli, plan, ["n1", "n2"]);
        await Etcdctl.DoAsync(one, "member", "update", "2", $"--peer-urls={plan.PeerUrlOf(2)},http://127.0.0.1:1");
        Assert.Contains("http://127.0.0.1:1", await Etcdctl.DoAsync(one, "member", "list"), StringComparison.Ordinal);
        var removed = await Etcdctl.DoAsync(one, "member", "remove", "2");
        Assert.Contains("Member                2 removed from cluster", removed, StringComparison.Ordinal);
        await AssertEndsAsync(cluster.Runs[2], "n2");
    }

    private static async Task WriteAsync(Load load, ServerPlan plan, Func<bool> isOver, List<string> failed)
    {
        // As every command does: what a removed leader took with it is asked again, and runs once.
        using var client = new ClusterClient(plan.Clients) { UsesSession = true };
        while (!isOver())
        {
            var response = await load.WriteAsync(client, 20, 20_000);
            if (response?.Outcome != ClientOutcome.Done) failed.Add($"{response?.Outcome} {response?.Message}");
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
