using System.Net;
using Balsa.Cli.Chaos;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests.Faults;

/// <summary>A node without room on its disk waits for room. Nothing is lost, and nobody has to start anything again.</summary>
[Collection(Alone.Name)]
public sealed class DiskFullTests(ITestOutputHelper report)
{
    [Fact]
    public async Task A_full_disk_refuses_writes_until_there_is_room_again()
    {
        Needs.Root();
        using var cli = new Cli();
        var found = (await cli.DoAsync("chaos", "disk-full", "--rounds", "2", "--json")).Json;
        report.WriteLine($"{found}");
        Assert.Equal(2, found.GetProperty("rounds").GetInt32());
        Assert.True(found.GetProperty("refused").GetInt32() > 0);
        Assert.InRange(found.GetProperty("resumedMaxMs").GetDouble(), 0, 2000);
        foreach (var zero in new[] { "lost", "wrong" }) Assert.Equal(0, found.GetProperty(zero).GetInt64());
    }

    [Fact]
    public async Task The_refusal_has_a_code_and_says_that_the_disk_is_full()
    {
        Needs.Root();
        using var cli = new Cli();
        using var disk = new SmallDisk(32);
        var plan = new ServerPlan(cli, 1) { Elsewhere = { [1] = Path.Combine(disk.Root, "n1") } };
        var load = new Load(plan.Clients);
        await using var node = plan.Start(1);
        Assert.True(await node.IsReadyAsync());
        await FillAsync(disk, plan.Clients, load);
        var refused = await cli.RunAsync("put", "a-key-longer-than-theirs", "b", "--endpoints", $"{plan.Clients[0]}", "--json");
        Assert.Equal(1, refused.Code);
        Assert.Contains("E0403", refused.Error, StringComparison.Ordinal);
        Assert.Contains("the disk of the leader is full", refused.Error, StringComparison.Ordinal);
        Assert.Equal("not-done", refused.Json.GetProperty("error").GetProperty("outcome").GetString());
        // A full disk is no reason to hang at the end.
        Assert.Equal(0, (await node.StopAsync()).Code);
    }

    [Fact]
    public async Task A_follower_with_a_full_disk_holds_nobody_up_and_catches_up_by_itself()
    {
        Needs.Root();
        using var cli = new Cli();
        using var disk = new SmallDisk(96);
        var plan = new ServerPlan(cli, 3) { Elsewhere = { [3] = Path.Combine(disk.Root, "n3") } };
        var load = new Load(plan.Clients);
        await using var first = plan.Start(1);
        await using var second = plan.Start(2);
        await using var third = plan.Start(3);
        Assert.True(await first.IsReadyAsync() && await second.IsReadyAsync() && await third.IsReadyAsync());
        await load.WriteUntilAsync(() => load.Acknowledged >= 1, limitMs: 20_000);
        // Who may lead for the rest of it has a disk with room.
        var leads = (await ClusterView.LookAsync(plan.Clients, TimeSpan.FromSeconds(2))).Leader;
        if (leads is { Id: 3 }) await InjectionTests.LeadAsync(plan, 1);
        disk.Fill();
        // Far more than the follower has room for; each must be taken at once.
        await load.WriteUntilAsync(() => load.Acknowledged >= 150, largeEvery: 4, limitMs: 5000);
        var view = await ClusterView.LookAsync(plan.Clients, TimeSpan.FromSeconds(2));
        Assert.True(view.Leader is { Id: not 3 } && view.Answers.ContainsKey(3), "the follower must be up and must not lead");
        Assert.True(view.Answers[3].DurableIndex < view.Leader.CommitIndex, "the follower's disk was not full");
        var term = view.Leader.Term;
        disk.MakeRoom();
        await InjectionTests.LevelAsync(plan, 3);
        Assert.Equal(term, (await ClusterView.LookAsync(plan.Clients, TimeSpan.FromSeconds(2))).Leader?.Term);
        await load.AssertHeldAsync([plan.Clients[2]], local: true);
        Assert.False(third.HasEnded);
    }

    private static async Task FillAsync(SmallDisk disk, IReadOnlyList<IPEndPoint> endpoints, Load load)
    {
        using var client = new ClusterClient(endpoints);
        Assert.Equal(ClientOutcome.Done, (await load.WriteAsync(client, 20, 20_000))?.Outcome);
        disk.Fill();
        // There may be room for a small write where there is none for a large one.
        foreach (var bytes in new[] { 300_000, 10_000, 300, 1 })
        {
            var response = await load.WriteAsync(client, bytes, 5000);
            while (response?.Outcome == ClientOutcome.Done) response = await load.WriteAsync(client, bytes, 5000);
            Assert.Equal(ClientError.DiskFull, response?.Code);
        }
    }
}
