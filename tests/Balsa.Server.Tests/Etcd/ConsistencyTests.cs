using System.Net.Sockets;
using System.Text;
using Balsa.Grpc;
using Balsa.Protocol.Etcd;
using Balsa.Server.Etcd;
using Balsa.Server.Protocol;
using Google.Protobuf;

namespace Balsa.Server.Tests.Etcd;

public sealed class ConsistencyTests
{
    [Fact]
    public async Task Reads_are_served_as_asked_for_and_the_answer_says_how()
    {
        await using var node = new OneNode { LeaseReads = true };
        await node.InitializeAsync();
        await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = Key, Value = Key });

        await WaitForLeaseAsync(node);
        Assert.Equal(ReadConsistencyText.Local, (await ReadAsync(node, ReadConsistencyText.Local)).Served);
        Assert.Equal(ReadConsistencyText.Linearizable, (await ReadAsync(node, ReadConsistencyText.Linearizable)).Served);
        Assert.Equal(ReadConsistencyText.Linearizable, (await ReadAsync(node, null)).Served);
        Assert.Equal(ClientError.Malformed, (await ReadAsync(node, "perhaps")).Code);
        foreach (var how in ReadConsistencyText.All)
            Assert.Single((await node.AskAsync(EtcdMethods.Range, new RangeRequest { Key = Key }, ("balsa-consistency", how))).Kvs);
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await node.RefusedAsync(EtcdMethods.Range, new RangeRequest { Key = Key }, ("balsa-consistency", "perhaps"))).Code);
        Assert.Equal(
            StatusCode.InvalidArgument,
            (await node.RefusedAsync(EtcdMethods.Range, new RangeRequest { Key = Key, Serializable = true }, ("balsa-consistency", "lease"))).Code);
    }

    [Fact]
    public async Task Where_the_cluster_has_no_leases_a_read_from_a_lease_asks_a_majority()
    {
        await using var node = new OneNode();
        await node.InitializeAsync();
        await node.AskAsync(EtcdMethods.Put, new PutRequest { Key = Key, Value = Key });

        Assert.Equal(ReadConsistencyText.Linearizable, (await ReadAsync(node, ReadConsistencyText.Lease)).Served);
    }

    private static readonly ByteString Key = ByteString.CopyFromUtf8("key");

    /// <summary>The member tells the cluster after its start what its flag says.</summary>
    private static async Task WaitForLeaseAsync(OneNode node)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await ReadAsync(node, ReadConsistencyText.Lease)).Served != ReadConsistencyText.Lease) await Task.Delay(20, limit.Token);
    }

    private static async Task<ClientResponse> ReadAsync(OneNode node, string? how)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node.Address.Host, node.Address.Port);
        var request = new ClientRequest { Op = ClientOperation.Get, Key = Encoding.UTF8.GetBytes("key"), Consistency = how };
        await JsonFrames.WriteAsync(socket, request, ProtocolJson.Default.ClientRequest, CancellationToken.None);
        return (await JsonFrames.ReadAsync(
            socket, ProtocolJson.Default.ClientResponse, JsonFrames.RequestBytesMax, CancellationToken.None))!;
    }
}
