using System.Net;
using System.Text.Json;

namespace Balsa.System.Tests.Clients;

/// <summary>The client ports of a cluster: every member answers, and one without a leader says so.</summary>
public sealed class ClientPortTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private DevRun? _dev;

    public async ValueTask InitializeAsync() => _dev = await DevRun.StartAsync(_cli);

    public async ValueTask DisposeAsync()
    {
        if (_dev is not null) await _dev.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Etcdctl_finds_the_leader_and_moves_it()
    {
        Etcdctl.IsNeeded();
        await _dev!.WaitUntilHealthyAsync();
        var statuses = JsonDocument.Parse(await Etcdctl.DoAsync(_dev.Endpoints, "endpoint", "status", "-w", "json")).RootElement;
        var leader = statuses[0].GetProperty("Status").GetProperty("leader").GetUInt64();
        Assert.All(statuses.EnumerateArray(), one => Assert.Equal(leader, one.GetProperty("Status").GetProperty("leader").GetUInt64()));
        var target = leader % 3 + 1;
        Assert.Equal(
            $"Leadership transferred from {leader} to {target}\n", await Etcdctl.DoAsync(_dev.Endpoints, "move-leader", $"{target}"));
        await _dev.WaitForAsync("led by the other", status => status.GetProperty("leader").GetString() == $"n{target}");
        await Etcdctl.DoAsync(Endpoints[(int)target - 1], "put", "a", "b");
        // Every member answers with what was acknowledged, whoever leads.
        foreach (var endpoint in Endpoints) Assert.Equal("a\nb\n", await Etcdctl.DoAsync(endpoint, "get", "a"));
        Assert.Equal(3, (await Etcdctl.DoAsync(_dev.Endpoints, "member", "list")).Count(one => one == '\n'));
        Assert.Equal("", await Etcdctl.DoAsync(_dev.Endpoints, "endpoint", "health"));
    }

    [Fact]
    public async Task A_member_without_a_leader_says_so_and_still_reads_what_it_has()
    {
        await _dev!.WaitUntilHealthyAsync();
        await _cli.DoAsync("put", "kept", "here");
        await _dev.WaitUntilHealthyAsync();
        foreach (var name in (string[])["n1", "n2"]) await _cli.DoAsync("fault", "kill", name);
        const HttpStatusCode Unavailable = HttpStatusCode.ServiceUnavailable;
        var last = Endpoints[2];
        await Pages.WaitForAsync($"http://{last}/health", Unavailable, "\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"");
        await Pages.WaitForAsync($"http://{last}/readyz?verbose", Unavailable, "[-]leader failed: etcdserver: no leader");
        await Pages.WaitForAsync($"http://{last}/livez", HttpStatusCode.OK, "ok\n");
        await Pages.WaitForAsync($"http://{last}/metrics", HttpStatusCode.OK, "\netcd_server_has_leader 0\n");
        if (!Balsa.Cli.Chaos.SystemTool.Exists("etcdctl")) return;
        Assert.Equal("kept\nhere\n", await Etcdctl.DoAsync(last, "get", "kept", "--consistency=s"));
        var put = await Etcdctl.RunAsync(last, "put", "a", "b");
        // It waits for a leader for as long as its client does, as with etcd.
        Assert.Contains("deadline exceeded", put.Error, StringComparison.Ordinal);
        var status = await Etcdctl.DoAsync(last, "endpoint", "status");
        Assert.Contains("etcdserver: no leader", status, StringComparison.Ordinal);
    }

    private string[] Endpoints => _dev!.Endpoints.Split(',');
}
