using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Nodes;
using Balsa.Node;

namespace Balsa.Adapters.Controller;

/// <summary>The controller protocol on a UDP port: each request is answered where it came from.</summary>
internal sealed class ControllerPort : IAsyncDisposable
{
    private readonly ControllerOptions _options;
    private readonly ControllerGuard _guard;
    private readonly ControllerDesk _desk;
    private readonly UnicastForm _form;
    private readonly DatagramLoop _loop;

    internal ControllerPort(Socket socket, ControllerDesk desk, ControllerOptions options, Action<string> note)
    {
        (_options, _desk, _form) = (options, desk, new UnicastForm(desk.Self, options.Dialect));
        _guard = new ControllerGuard(options.Allowed, options.Secret, TimeProvider.System);
        _loop = new DatagramLoop(socket, options.UnderWayMax, Counters, HandleAsync, note);
    }

    internal ControllerCounters Counters { get; } = new();

    internal void Start() => _loop.Start();

    /// <exception cref="NodeStartException">The address is taken, or not one of this machine.</exception>
    internal static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(address);
            return socket;
        }
        catch (SocketException problem)
        {
            socket.Dispose();
            throw new NodeStartException(
                $"the controller port {address} (UDP) cannot be used.", problem.Message,
                "give each node of one machine an address of its own: --controller 127.0.0.2:5555", problem);
        }
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task HandleAsync(byte[] datagram, IPEndPoint from)
    {
        if (!_guard.Admits(from.Address, datagram))
        {
            Counters.CountStranger();
            return;
        }

        var flaw = RequestReader.Read(datagram, out var request);
        if (request is null)
        {
            Counters.Count(flaw);
            return;
        }

        if (await _desk.HandleAsync(request) is not { } answer) return;
        if (answer.Reply is { } reply)
        {
            var to = await WhereAsync(request, from);
            foreach (var part in _form.Write(reply)) _loop.Send(part, to);
        }

        answer.Afterwards?.Invoke();
    }

    private async Task<IPEndPoint> WhereAsync(ControllerRequest request, IPEndPoint from)
    {
        if (!_options.RepliesByName || request.Sender.Length == 0) return from;
        try
        {
            var found = await Dns.GetHostAddressesAsync(request.Sender, from.AddressFamily);
            return found.Length > 0 ? new IPEndPoint(found[0], ControllerOptions.PortByDefault) : from;
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return from;
        }
    }
}
