using System.Text.Json;

namespace Balsa.System.Tests.Clients;

/// <summary>etcdctl works unchanged against one node.</summary>
public sealed class EtcdctlTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private DevRun? _dev;

    public async ValueTask InitializeAsync()
    {
        Etcdctl.IsNeeded();
        _dev = await DevRun.StartAsync(_cli, "--nodes", "1");
        // The client port is open before the node leads, and etcdctl does not repeat a write.
        await _dev.WaitUntilHealthyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_dev is not null) await _dev.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Keys_are_put_found_and_deleted()
    {
        Assert.Equal("OK\n", await DoAsync("put", "a", "1"));
        Assert.Equal("OK\na\n1\n", await DoAsync("put", "a", "2", "--prev-kv"));
        await DoAsync("put", "b", "3");
        Assert.Equal("a\n2\n", await DoAsync("get", "a"));
        Assert.Equal("a\n2\nb\n3\n", await DoAsync("get", "a", "c"));
        Assert.Equal("b\n\na\n\n", await DoAsync("get", "", "--prefix", "--keys-only", "--order=DESCEND"));
        Assert.Contains("\"Count\" : 2\n", await DoAsync("get", "", "--prefix", "-w", "fields"), StringComparison.Ordinal);
        Assert.Equal("2\na\n2\nb\n3\n", await DoAsync("del", "", "--prefix", "--prev-kv"));
        Assert.Equal("0\n", await DoAsync("del", "a"));
        Assert.Equal("", await DoAsync("get", "a"));
        // What one client wrote, the other one finds.
        await DoAsync("put", "shared", "x");
        Assert.Equal("x\n", (await _cli.DoAsync("get", "shared")).Out);
    }

    [Fact]
    public async Task Answers_carry_revisions()
    {
        var put = Json(await DoAsync("put", "k", "v", "-w", "json")).GetProperty("header");
        var revision = put.GetProperty("revision").GetInt64();
        await DoAsync("put", "k", "w");
        var found = Json(await DoAsync("get", "k", "-w", "json"));
        var key = found.GetProperty("kvs")[0];
        Assert.Equal((revision, revision + 1, 2L), (Number(key, "create_revision"), Number(key, "mod_revision"), Number(key, "version")));
        var clusters = (JsonElement[])[put.GetProperty("cluster_id"), found.GetProperty("header").GetProperty("cluster_id")];
        Assert.Single(clusters.Select(id => id.GetUInt64()).Distinct());
        Assert.Equal("k\nv\n", await DoAsync("get", "k", $"--rev={revision}"));
        Assert.Equal($"compacted revision {revision + 1}\n", await DoAsync("compaction", $"{revision + 1}"));
        await FailsAsync("etcdserver: mvcc: required revision has been compacted", "get", "k", $"--rev={revision}");
        await FailsAsync("etcdserver: mvcc: required revision has been compacted", "compaction", $"{revision}");
        await FailsAsync("etcdserver: mvcc: required revision is a future revision", "get", "k", "--rev=1000000");
        await FailsAsync("etcdserver: key is not provided", "put", "", "v");
    }

    [Fact]
    public async Task A_transaction_takes_the_way_that_its_condition_says()
    {
        await DoAsync("put", "t", "1");
        const string Txn = "value(\"t\") = \"1\"\n\nput t 2\nget t\n\nget t\n\n";
        var first = await Etcdctl.RunAsync(_dev!.Endpoints, Txn, ["txn"]);
        Assert.Equal((0, "SUCCESS\n\nOK\n\nt\n2\n"), (first.Code, first.Out));
        var second = await Etcdctl.RunAsync(_dev.Endpoints, Txn, ["txn"]);
        Assert.Equal((0, "FAILURE\n\nt\n2\n"), (second.Code, second.Out));
    }

    [Fact]
    public async Task Operators_see_the_member_and_its_health()
    {
        var address = _dev!.Endpoints;
        Assert.Matches($"^1, started, n1, http://[0-9.]+:[0-9]+, http://{address}, false\n$", await DoAsync("member", "list"));
        Assert.Contains("is healthy: successfully committed proposal", (await Etcdctl.RunAsync(address, "endpoint", "health")).Error);
        var status = Json(await DoAsync("endpoint", "status", "-w", "json"))[0].GetProperty("Status");
        Assert.Equal((1L, 1L), (Number(status, "leader"), Number(status.GetProperty("header"), "member_id")));
        Assert.Equal("", await DoAsync("alarm", "list"));
        Assert.Equal("Leadership transferred from 1 to 1\n", await DoAsync("move-leader", "1"));
        await FailsAsync("etcdserver: bad leader transferee", "move-leader", "2");
    }

    private Task<string> DoAsync(params string[] words) => Etcdctl.DoAsync(_dev!.Endpoints, words);

    private async Task FailsAsync(string error, params string[] words)
    {
        var result = await Etcdctl.RunAsync(_dev!.Endpoints, words);
        Assert.NotEqual(0, result.Code);
        Assert.Contains($"Error: {error}\n", result.Error, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();
}
