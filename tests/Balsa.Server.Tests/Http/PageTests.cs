using System.Globalization;
using System.Net;
using System.Text.Json;
using Balsa.Grpc.Client;
using Balsa.Protocol.Etcd;
using Balsa.Server.Etcd;
using Balsa.Server.Tests.Etcd;
using Google.Protobuf;

namespace Balsa.Server.Tests.Http;

/// <summary>What is served over plain HTTP, by a real node.</summary>
public sealed class PageTests(OneNode node) : IClassFixture<OneNode>, IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = node.Address, Timeout = TimeSpan.FromSeconds(20) };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Health_is_what_clients_of_etcd_look_for()
    {
        await LeadAsync();
        foreach (var query in (string[])["", "?serializable=true", "?exclude=NOSPACE"])
        {
            using var health = await _http.GetAsync(new Uri($"/health{query}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
            Assert.Equal("""{"health":"true","reason":""}""", await health.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Checks_are_told_one_by_one_when_asked()
    {
        await LeadAsync();
        Assert.Equal("ok\n", await GetAsync("/livez"));
        Assert.Equal("ok\n", await GetAsync("/readyz"));
        Assert.Equal("[+]data_corruption ok\n[+]serializable_read ok\n[+]linearizable_read ok\n[+]leader ok\nok\n", await GetAsync("/readyz?verbose"));
        Assert.Equal("[+]leader ok\nok\n", await GetAsync("/readyz/leader?verbose"));
        Assert.Equal(
            "[+]data_corruption ok\n[+]linearizable_read ok\nok\n", await GetAsync("/readyz?verbose&exclude=leader&exclude=serializable_read"));
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("/readyz/nothing", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task The_version_is_two_numbers_with_dots()
    {
        var version = JsonDocument.Parse(await GetAsync("/version")).RootElement;
        foreach (var key in (string[])["etcdserver", "etcdcluster"])
        {
            var numbers = version.GetProperty(key).GetString()!.Split('.');
            Assert.Equal(3, numbers.Count(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)));
        }
    }

    [Fact]
    public async Task Other_paths_and_methods_are_refused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        using var post = await _http.PostAsync(new Uri("/version", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        Assert.Equal("GET", post.Content.Headers.Allow.Single());
        using var content = new StringContent("{}");
        using var call = await _http.PostAsync(new Uri("/etcdserverpb.KV/Range", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, call.StatusCode);
        using var head = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Head, new Uri("/health", UriKind.Relative)));
        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task Metrics_are_lines_that_a_collector_can_read_and_grow_with_what_happens()
    {
        await LeadAsync();
        var before = Parse(await GetAsync("/metrics"));
        await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = ByteString.CopyFromUtf8("m") });
        await Assert.ThrowsAsync<Grpc.GrpcException>(() => node.Channel.CallAsync(EtcdMethods.Put, new PutRequest(), CallOptions.None));
        var after = Parse(await GetAsync("/metrics"));
        Assert.Equal(1, after["etcd_server_has_leader"]);
        Assert.Equal(1, after["etcd_server_is_leader"]);
        Assert.Equal(1, after["etcd_cluster_version{cluster_version=\"3.5\"}"]);
        Assert.Equal(before["etcd_debugging_mvcc_current_revision"] + 1, after["etcd_debugging_mvcc_current_revision"]);
        const string Put = "grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"";
        Assert.True(after[$"grpc_server_started_total{{{Put}}}"] >= before[$"grpc_server_started_total{{{Put}}}"] + 2);
        Assert.True(after[$"grpc_server_handled_total{{grpc_code=\"InvalidArgument\",{Put}}}"] >= 1);
        Assert.True(after["process_resident_memory_bytes"] > 1_000_000);
        Assert.True(after["balsa_client_connections{protocol=\"http1\"}"] >= 1);
        Assert.Equal(0, after["balsa_client_connections_refused_total{reason=\"full\"}"]);
    }

    /// <summary>Every line is a comment or a name, labels perhaps, and a number; every family says its kind once.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        var (values, kinds) = (new Dictionary<string, double>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal)) Assert.True(kinds.Add(line.Split(' ')[2]), line);
            if (line[0] == '#') continue;
            var space = line.LastIndexOf(' ');
            Assert.Contains(line[..space].Split('{')[0], kinds);
            values.Add(line[..space], double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture));
        }

        return values;
    }

    private async Task LeadAsync() => await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = ByteString.CopyFromUtf8("lead") });

    private Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));
}
