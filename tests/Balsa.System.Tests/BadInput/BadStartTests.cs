using System.Net.Sockets;
using Balsa.System.Tests.Faults;

namespace Balsa.System.Tests.BadInput;

/// <summary>Nodes that cannot start as they were told: they say what, why and what next, and end with 1.</summary>
public sealed class BadStartTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_client_port_that_is_taken_is_named()
    {
        var plan = new ServerPlan(_cli, 1);
        using var taken = new TcpListener(plan.Clients[0]);
        taken.Start();
        await AssertEndsAsync(plan, $"{plan.Clients[0]}");
    }

    [Fact]
    public async Task A_peer_port_that_is_taken_is_named()
    {
        var plan = new ServerPlan(_cli, 1);
        var peer = new Uri(plan.PeerUrlOf(1));
        using var taken = new TcpListener(global::System.Net.IPAddress.Loopback, peer.Port);
        taken.Start();
        await AssertEndsAsync(plan, $"127.0.0.1:{peer.Port}");
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_or_cannot_be_made_is_named()
    {
        var plan = new ServerPlan(_cli, 1);
        plan.Elsewhere[1] = Path.Combine(_cli.Folder, "file");
        await File.WriteAllTextAsync(plan.Elsewhere[1], "mine");
        await AssertEndsAsync(plan, plan.Elsewhere[1]);
        Assert.Equal("mine", await File.ReadAllTextAsync(plan.Elsewhere[1]));
        plan.Elsewhere[1] = "/proc/balsa";
        await AssertEndsAsync(plan, plan.Elsewhere[1]);
    }

    [Fact]
    public async Task A_directory_whose_identity_was_replaced_by_garbage_is_refused()
    {
        var plan = new ServerPlan(_cli, 1);
        await using (var first = plan.Start(1))
        {
            Assert.True(await first.IsReadyAsync());
            Assert.Equal(0, (await first.StopAsync()).Code);
        }

        await File.WriteAllTextAsync(Path.Combine(plan.DirectoryOf(1), "identity"), "somebody else");
        await AssertEndsAsync(plan, "nobody can say whose data this is");
    }

    [Fact]
    public async Task Peers_of_another_cluster_are_refused_and_both_clusters_go_on()
    {
        var (ours, theirs) = (new ServerPlan(_cli, 2), new ServerPlan(_cli, 2));
        for (var node = 1; node <= 2; node++) theirs.Elsewhere[node] = Path.Combine(_cli.Folder, $"theirs{node}");
        await using var one = ours.Start(1);
        await using var two = ours.Start(2);
        await using (var other = theirs.Start(1))
        await using (var another = theirs.Start(2))
        {
            Assert.True(await one.IsReadyAsync() && await two.IsReadyAsync() && await other.IsReadyAsync() && await another.IsReadyAsync());
        }

        theirs.FlagsOf[1] = ["--initial-cluster", $"n1={theirs.PeerUrlOf(1)},n2={ours.PeerUrlOf(2)}"];
        await using var stray = theirs.Start(1);

        Assert.True(await stray.SaysAsync("does not take our calls: WrongCluster"));
        Assert.True(await two.SaysAsync("refused a call that says it is n1 of cluster"));
        var load = new Load(ours.Clients);
        await load.WriteUntilAsync(() => load.Acknowledged >= 5, limitMs: 20_000);
        await load.AssertHeldAsync(ours.Clients, local: false);
    }

    private static async Task AssertEndsAsync(ServerPlan plan, string what)
    {
        await using var node = plan.Start(1);
        var (code, said) = await node.EndAsync();
        Assert.Equal(1, code);
        Assert.Contains(what, said, StringComparison.Ordinal);
        Assert.Contains("error:", said, StringComparison.Ordinal);
        Assert.Contains("next:", said, StringComparison.Ordinal);
    }
}
