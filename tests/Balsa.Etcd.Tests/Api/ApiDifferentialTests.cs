using System.Globalization;
using System.Text.Json;
using Balsa.Etcd.Tests.Server;
using Balsa.Grpc.Client;
using Balsa.Server.Tests.Etcd;
using Google.Protobuf;

namespace Balsa.Etcd.Tests.Api;

/// <summary>
/// The same requests over gRPC to the real etcd and to a node of ours: answers, refusals, codes and texts are equal.
/// BALSA_ETCD_REQUESTS and BALSA_ETCD_SEED ask for more and others.
/// </summary>
public sealed class ApiDifferentialTests(ITestOutputHelper output)
{
    private const int RequestsByDefault = 5_000;

    [Fact]
    public async Task A_node_answers_as_etcd_does()
    {
        EtcdProcess.SkipWhenMissing();
        var seed = NumberOf("BALSA_ETCD_SEED") ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var etcd = await EtcdProcess.StartAsync();
        await using var node = new OneNode();
        await node.InitializeAsync();
        await node.AskAsync(new Grpc.GrpcMethod<Protocol.Etcd.RangeRequest, Protocol.Etcd.RangeResponse>("etcdserverpb.KV", "Range"),
            new Protocol.Etcd.RangeRequest { Key = ByteString.CopyFromUtf8("x") });
        using var theirs = new GrpcChannel(etcd.Client);
        var generator = new RequestGenerator(seed);
        var (refused, changed) = (0, 0L);
        var requests = NumberOf("BALSA_ETCD_REQUESTS") ?? RequestsByDefault;
        for (var i = 0; i < requests; i++)
        {
            var request = generator.Next();
            var expected = await Calls.AskAsync(theirs, request);
            var actual = await Calls.AskAsync(node.Channel, request);
            Assert.True(
                expected == actual,
                $"seed {seed}, request {i}: {request.Descriptor.Name} {request}\netcd: {expected}\nours: {actual}");
            if (expected[0] == '{') generator.Saw(changed = RevisionIn(expected));
            else refused++;
        }

        output.WriteLine($"{refused} were refused; the last revision is {changed}");
        // A conversation in which everything is refused, or nothing, would show little.
        Assert.True(refused > requests / 50 && changed > requests / 10, $"{refused} refused, revision {changed}");
    }

    private static long RevisionIn(string answer) => long.Parse(
        JsonDocument.Parse(answer).RootElement.GetProperty("header").GetProperty("revision").GetString()!, CultureInfo.InvariantCulture);

    private static int? NumberOf(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
