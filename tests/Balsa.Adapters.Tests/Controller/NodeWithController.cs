using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;
using Balsa.Node.Founding;
using Balsa.Server;
using Balsa.Storage.Wal;

namespace Balsa.Adapters.Tests.Controller;

/// <summary>A real node in this process, alone in its cluster, with a controller port, and a controller beside it.</summary>
public sealed class NodeWithController : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("balsa-adapters-").FullName;
    private readonly TaskCompletionSource _shutDown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServerNode _node = null!;
    private CourseAdapters _adapters = null!;

    internal IPEndPoint Address { get; private set; } = null!;

    internal ControllerCaller Caller { get; private set; } = null!;

    internal ControllerCounters Counters => _adapters.Counters!;

    internal Task ShutDown => _shutDown.Task;

    public async ValueTask InitializeAsync()
    {
        var (peer, client) = (FreePort(), FreePort());
        Address = new IPEndPoint(IPAddress.Loopback, FreePort().Port);
        _adapters = CourseAdapters.Open(new ControllerOptions { Listen = Address });
        var founding = new FoundingOptions
        {
            Name = "n1", PeerUrls = $"http://{peer}", ClientUrls = $"http://{client}", Token = "one",
            Peers = FoundingPeers.TryParse($"n1=http://{peer}", out _)!,
        };
        var options = new NodeOptions
        {
            Founding = founding, DataDirectory = Path.Combine(_folder, "n1"), ListenPeer = peer, ListenClient = client,
            Wal = new WalOptions { SegmentBytes = 6 << 20 },
        };
        _node = await ServerNode.StartAsync(options, _ => { }, problem => _shutDown.TrySetException(problem));
        _adapters.Serve(_node.Member, _node.Views, new MemberNodeOptions
        {
            Name = "n1", ElectionTimeout = options.ElectionTimeout, HeartbeatInterval = options.HeartbeatInterval,
            EntryBytesMax = _node.EntryBytesMax, ShutDown = () => _shutDown.TrySetResult(),
        });
        Caller = new ControllerCaller(new CallerOptions { Bind = new IPEndPoint(IPAddress.Loopback, 0) });
        while ((await AskAsync(new CallerRequest("LEADER_INFO"))).Leader is null) await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        await Caller.DisposeAsync();
        await _adapters.DisposeAsync();
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The one answer to a question that has one.</summary>
    internal async Task<ControllerReply> AskAsync(CallerRequest request) =>
        Assert.Single(await Caller.AskAsync(Address, request, TimeSpan.FromSeconds(20)));

    internal Task<ControllerReply> StoreAsync(string key, string value, string? ticket = null) =>
        AskAsync(new CallerRequest("STORE") { Key = key, Value = value, Ticket = ticket });

    /// <summary>A datagram as it is.</summary>
    internal void SendRaw(ReadOnlySpan<byte> bytes)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SendTo(bytes, Address);
    }

    private static IPEndPoint FreePort()
    {
        using var held = new TcpListener(IPAddress.Loopback, 0);
        held.Start();
        return (IPEndPoint)held.LocalEndpoint;
    }
}
