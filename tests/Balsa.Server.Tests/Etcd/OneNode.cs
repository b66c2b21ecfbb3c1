using System.Net;
using System.Net.Sockets;
using Balsa.Grpc;
using Balsa.Grpc.Client;
using Balsa.Node.Founding;
using Balsa.Server.Compaction;
using Balsa.Storage.Wal;
using Google.Protobuf;

namespace Balsa.Server.Tests.Etcd;

/// <summary>A real node in this process, alone in its cluster, and a channel to it.</summary>
public sealed class OneNode : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-server-").FullName;
    private ServerNode _node = null!;

    internal GrpcChannel Channel { get; private set; } = null!;

    internal Uri Address { get; private set; } = null!;

    internal IPEndPoint Peer { get; private set; } = null!;

    /// <summary>Drawn when the cluster was founded; the directory knows it.</summary>
    internal ulong Cluster => Convert.ToUInt64(
        File.ReadLines(Path.Combine(_folder, "n1", "identity"))
            .First(line => line.StartsWith("cluster ", StringComparison.Ordinal))[8..], 16);

    /// <summary>What went wrong inside the node.</summary>
    internal List<Exception> Fatal { get; } = [];

    /// <summary>Set before it starts.</summary>
    internal long QuotaBytes { get; init; }

    /// <summary>Set before it starts.</summary>
    internal bool? LeaseReads { get; init; }

    /// <summary>Set before it starts.</summary>
    internal AutoCompaction Compaction { get; init; } = AutoCompaction.Off;

    public async ValueTask InitializeAsync()
    {
        var (peer, client) = (FreePort(), FreePort());
        Peer = peer;
        _node = await ServerNode.StartAsync(
            new NodeOptions
            {
                Founding = new FoundingOptions
                {
                    Name = "n1", PeerUrls = $"http://{peer}", ClientUrls = $"http://{client}", Token = "one",
                    Peers = FoundingPeers.TryParse($"n1=http://{peer}", out _)!,
                },
                DataDirectory = Path.Combine(_folder, "n1"), ListenPeer = peer, ListenClient = client,
                QuotaBytes = QuotaBytes, LeaseReads = LeaseReads, Compaction = Compaction, Wal = new WalOptions { SegmentBytes = 6 << 20 },
            },
            _ => { }, Fatal.Add);
        Address = new Uri($"http://{client}");
        Channel = new GrpcChannel(Address);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(Fatal);
    }

    /// <summary>The node may still be electing itself: what is refused for want of a leader is asked again.</summary>
    internal async Task<TResponse> AskAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, params (string Name, string Value)[] metadata)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var limit = DateTime.UtcNow.AddSeconds(30);
        var options = new CallOptions
        {
            Timeout = TimeSpan.FromSeconds(10), Metadata = [.. metadata.Select(one => KeyValuePair.Create(one.Name, one.Value))],
        };
        while (true)
        {
            try
            {
                return await Channel.CallAsync(method, request, options);
            }
            catch (GrpcException early) when (early.Message == "etcdserver: no leader" && DateTime.UtcNow < limit)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Insists on a refusal; its code and its text.</summary>
    internal async Task<(StatusCode Code, string Message)> RefusedAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, params (string Name, string Value)[] metadata)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var refused = await Assert.ThrowsAsync<GrpcException>(() => AskAsync(method, request, metadata));
        return (refused.Code, refused.Message);
    }

    private static IPEndPoint FreePort()
    {
        using var held = new TcpListener(IPAddress.Loopback, 0);
        held.Start();
        return (IPEndPoint)held.LocalEndpoint;
    }
}
