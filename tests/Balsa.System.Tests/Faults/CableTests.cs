using System.Net;
using System.Text;
using Balsa.Cli.Chaos.Networks;
using Balsa.Cli.Clients;
using Balsa.Cli.Dev;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests.Faults;

/// <summary>Three nodes, each in a network of its own, whose cables are cut. Clients reach all of them all the time.</summary>
[Collection(Alone.Name)]
public sealed class CableTests : IAsyncLifetime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), LongestCall = TimeSpan.FromSeconds(20);

    /// <summary>Longer than an election takes: who still believes that it leads would have answered.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);

    private NodeNetworks? _networks;
    private DevCluster? _cluster;
    private Load? _load;

    private DevCluster Cluster => _cluster!;

    private NodeNetworks Networks => _networks!;

    private Load Acknowledged => _load!;

    public async ValueTask InitializeAsync()
    {
        if (NodeNetworks.WhyNot() is { } reason) Assert.Skip(reason);
        _networks = NodeNetworks.Create(3);
        _cluster = new DevCluster(_networks.Place(DevPlan.Make(3, dataDirectory: null, basePort: null)));
        _load = new Load(_cluster.Endpoints);
        await _cluster.StartAsync();
        await Acknowledged.WriteUntilAsync(() => Acknowledged.Acknowledged >= 20, largeEvery: 1000);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        _networks?.Dispose();
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_is_replaced_answers_nothing_and_loses_nothing()
    {
        var (leader, others) = await LookAsync();
        Networks.CutOff(leader);
        await AssertDeposedAsync(leader, others);
        await AssertWholeAgainAsync();
    }

    [Fact]
    [Row("S1-08")]
    public async Task A_leader_that_hears_nobody_gives_up()
    {
        var (leader, others) = await LookAsync();
        foreach (var other in others) Networks.LoseWay(other, leader);
        await AssertDeposedAsync(leader, others);
        await AssertWholeAgainAsync();
    }

    [Fact]
    public async Task A_leader_and_a_follower_that_only_a_third_one_reaches_disturb_nobody()
    {
        var (leader, others) = await LookAsync();
        var term = (await Cluster.WaitForLeaderAsync()).Term;
        Networks.LoseWay(leader, others[0]);
        Networks.LoseWay(others[0], leader);
        await WriteAsync([Endpoint(leader), Endpoint(others[1])]);
        await Task.Delay(LongEnough);
        await WriteAsync([Endpoint(leader), Endpoint(others[1])]);
        // The one that hears no leader asks whether it should stand, and is told that there is one.
        Assert.InRange((await Cluster.WaitForLeaderAsync()).Term, term, term + 1);
        await AssertWholeAgainAsync();
    }

    private IPEndPoint Endpoint(int node) => Cluster.Nodes[node].Address.Client;

    private async Task<(int Leader, int[] Others)> LookAsync()
    {
        var name = (await Cluster.WaitForLeaderAsync()).Name;
        var leader = Cluster.Nodes.TakeWhile(node => node.Address.Name != name).Count();
        return (leader, [.. Enumerable.Range(0, Cluster.Nodes.Count).Where(node => node != leader)]);
    }

    /// <summary>The others go on, and the one that led says neither what was nor that it has done anything.</summary>
    private async Task AssertDeposedAsync(int leader, int[] others)
    {
        await WriteAsync([.. others.Select(Endpoint)]);
        using var client = new ClusterClient([Endpoint(leader)]);
        Assert.NotEqual(ClientOutcome.Done, (await client.AskAsync(Get("key-1"), LongEnough))?.Outcome);
        var put = Get("nobody-agrees") with { Op = ClientOperation.Put, Value = "1"u8.ToArray() };
        Assert.NotEqual(ClientOutcome.Done, (await client.AskAsync(put, LongEnough))?.Outcome);
        // What it has it may show to whoever asks for no more than that.
        Assert.Equal(ClientOutcome.Done, (await client.AskAsync(Get("key-1") with { Local = true }, LongestCall))?.Outcome);
    }

    private async Task AssertWholeAgainAsync()
    {
        Networks.Heal();
        var until = DateTime.UtcNow + Longest;
        while (true)
        {
            var view = await Cluster.LookAsync();
            if (view.Leader is { } leader && view.Answers.Count == 3 && view.Answers.Values.All(node => node.Leader == leader.Name)) break;
            Assert.True(DateTime.UtcNow < until, $"not all follow one leader: {view.Health}");
        }

        foreach (var node in Cluster.Nodes) await Acknowledged.AssertHeldAsync([node.Address.Client], local: false);
    }

    private async Task WriteAsync(IPEndPoint[] through)
    {
        using var client = new ClusterClient(through) { UsesSession = true };
        for (var i = 0; i < 5; i++)
        {
            var response = await Acknowledged.WriteAsync(client, 20, (int)LongestCall.TotalMilliseconds);
            Assert.True(response?.Outcome == ClientOutcome.Done, $"{response?.Outcome} {response?.Message}");
        }
    }

    private static ClientRequest Get(string key) => new() { Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes(key) };
}
