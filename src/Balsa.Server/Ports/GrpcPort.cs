using System.Net;
using Balsa.Grpc.Server;
using Balsa.Server.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Ports;

/// <summary>A port that serves gRPC and nothing else, for programs of ours that are no node.</summary>
public sealed class GrpcPort : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PortListener _listener;
    private readonly HttpEngine _http;

    /// <param name="note">Lines for the operator.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    public GrpcPort(IPEndPoint address, ServiceTable services, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(services);
        var (limits, counters) = (new PortLimits(), new PortCounters());
        var grpc = new GrpcServer(services, new GrpcServerOptions
        {
            Stopping = _stopping.Token,
            Report = problem => note($"error: a request could not be handled, which is a fault of this program: {problem}"),
        });
        _listener = new PortListener(address, limits, counters, ServeAsync);
        _http = new HttpEngine(limits, counters, http => HandleAsync(grpc, http), note);
    }

    /// <summary>Where it listens, also when it was free to choose a number.</summary>
    public IPEndPoint Address => _listener.Address;

    public void Start()
    {
        // It waits for nothing: the endpoints of the engine are inside this process.
        _http.StartAsync().GetAwaiter().GetResult();
        _listener.Start();
    }

    /// <summary>No new connections; calls that still run are told that the server stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync();
        await _stopping.CancelAsync();
        await _http.DisposeAsync();
        await _listener.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ServeAsync(PortProtocol protocol, ConnectionContext connection)
    {
        if (protocol != PortProtocol.Frames)
        {
            await _http.ServeAsync(protocol, connection);
            return;
        }

        connection.Abort(new ConnectionAbortedException("Only gRPC is served here."));
        await connection.DisposeAsync();
    }

    private static Task HandleAsync(GrpcServer grpc, HttpContext http) =>
        GrpcServer.IsFor(http) || grpc.Serves(http.Request.Path.Value ?? "")
            ? grpc.HandleAsync(http)
            : HttpPages.WriteAsync(http, 404, "text/plain; charset=utf-8", "404 page not found: only gRPC is served here\n");
}
