using System.Net;
using System.Net.Sockets;
using Balsa.Server.Clients;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Ports;

/// <summary>The one port for clients: gRPC, HTTP/1.1 and JSON frames on the same number, told apart by their first bytes.</summary>
internal sealed class ClientPort : IAsyncDisposable
{
    private readonly PortListener _listener;
    private readonly HttpEngine _http;
    private readonly FrameServer _frames;

    /// <param name="http">Answers requests of HTTP, whatever their version.</param>
    internal ClientPort(
        IPEndPoint address, PortLimits limits, PortCounters counters, RequestDelegate http, FrameServer frames, Action<string> note)
    {
        _listener = new PortListener(address, limits, counters, ServeAsync);
        (_http, _frames) = (new HttpEngine(limits, counters, http, note), frames);
    }

    /// <summary>Where it listens, also when it was free to choose a number.</summary>
    internal IPEndPoint Address => _listener.Address;

    /// <param name="members">Takes connections of other members; null when they have a port of their own.</param>
    internal void Start(Action<Socket>? members = null)
    {
        // It waits for nothing: the endpoints of the engine are inside this process.
        _http.StartAsync().GetAwaiter().GetResult();
        _listener.Start(members);
    }

    /// <summary>No new connections, and no new requests over frames.</summary>
    internal async Task StopAcceptingAsync()
    {
        await _listener.StopAsync();
        await _frames.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Task.WhenAll(_http.DisposeAsync().AsTask(), _frames.DisposeAsync().AsTask());
    }

    private Task ServeAsync(PortProtocol protocol, ConnectionContext connection) =>
        protocol == PortProtocol.Frames ? _frames.ServeAsync(connection) : _http.ServeAsync(protocol, connection);
}
