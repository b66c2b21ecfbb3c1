using System.Net;
using System.Net.Sockets;
using Balsa.Grpc.Server;
using Balsa.Server.Access;
using Balsa.Server.Etcd;
using Balsa.Server.Http;
using Balsa.Server.Ports;

namespace Balsa.Server.Clients;

/// <summary>Everything that faces clients, put together: port, protocols, services, pages.</summary>
internal sealed class ClientSide : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceTable _services;
    private readonly ClientPort _port;

    internal ClientSide(IPEndPoint address, NodeParts parts, RequestHandler frames, Action<string> note, PortLimits? limits = null)
    {
        limits ??= new PortLimits();
        var (replica, counters) = (new ReplicaAccess(parts), new PortCounters());
        _services = EtcdApi.For(replica);
        var grpc = new GrpcServer(_services, new GrpcServerOptions
        {
            Stopping = _stopping.Token, Stopped = ReplicaProblems.Stopped, DeadlineMessage = ReplicaProblems.DeadlineMessage,
            Report = problem => note($"error: a request could not be handled, which is a fault of this program: {problem}"),
        });
        var health = new HealthPages(replica);
        var pages = new HttpPages(grpc, health, new MetricsPage(replica, _services, counters, health));
        _port = new ClientPort(
            address, limits, counters, pages.HandleAsync, new FrameServer(frames.HandleAsync, limits.IdleMax, limits.LastAnswers), note);
    }

    /// <summary>Services beside those that every node has; asked once, before the first call.</summary>
    internal Action<ServiceTable> MoreServices { get; init; } = _ => { };

    /// <summary>Takes connections of other members, where they come in here, too.</summary>
    internal Action<Socket>? Members { get; init; }

    internal void Start()
    {
        MoreServices(_services);
        _port.Start(Members);
    }

    /// <summary>No new connections; who has one may still be answered.</summary>
    internal Task StopAcceptingAsync() => _port.StopAcceptingAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _port.DisposeAsync();
        _stopping.Dispose();
    }
}
