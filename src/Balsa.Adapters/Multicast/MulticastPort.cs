using System.Net;
using System.Net.Sockets;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Nodes;
using Balsa.Node;

namespace Balsa.Adapters.Multicast;

/// <summary>
/// The same requests in a group, in which everybody hears everything: what is for another member, or not for members at all, is
/// left to others, and each answer goes to the whole group.
/// </summary>
internal sealed class MulticastPort : IAsyncDisposable
{
    /// <summary>Everyone.</summary>
    internal const string Everyone = "E";

    private readonly ControllerGuard _guard;
    private readonly ControllerDesk _desk;
    private readonly MulticastForm _form;
    private readonly DatagramLoop _loop;
    private readonly IPEndPoint _group;

    internal MulticastPort(Socket socket, ControllerDesk desk, DialectOptions dialect, ControllerOptions options, Action<string> note)
    {
        (_desk, _form, _group) = (desk, new MulticastForm(desk.Self, dialect), options.Group!.Group);
        _guard = new ControllerGuard(options.Allowed, options.Secret, TimeProvider.System);
        _loop = new DatagramLoop(socket, options.UnderWayMax, Counters, HandleAsync, note);
    }

    internal ControllerCounters Counters { get; } = new();

    internal void Start() => _loop.Start();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <exception cref="NodeStartException">The group cannot be joined.</exception>
    internal static Socket Join(GroupOptions group)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Members on one machine share the group's port. Bound to the group, none hears what was sent to another's own address.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
            socket.Bind(OperatingSystem.IsWindows() ? new IPEndPoint(IPAddress.Any, group.Group.Port) : group.Group);
            socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group.Group.Address, group.Interface));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, group.Interface.GetAddressBytes());
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, optionValue: true);
            return socket;
        }
        catch (SocketException problem)
        {
            socket.Dispose();
            throw new NodeStartException(
                $"the group {group.Group} cannot be joined by the interface {group.Interface}.", problem.Message,
                $"choose an address of this machine: --controller-group {group.Group}@ADDRESS", problem);
        }
    }

    private async Task HandleAsync(byte[] datagram, IPEndPoint from)
    {
        if (!_guard.Admits(from.Address, datagram))
        {
            Counters.CountStranger();
            return;
        }

        var flaw = RequestReader.Read(datagram, out var request);
        if (request is null) Counters.Count(flaw);
        else if (IsForUs(request, _desk.Self) && await _desk.HandleAsync(request) is { } answer)
        {
            if (answer.Reply is { } reply)
                foreach (var part in _form.Write(reply)) _loop.Send(part, _group);
            answer.Afterwards?.Invoke();
        }
    }

    internal static bool IsForUs(ControllerRequest request, string self)
    {
        if (DialectNames.Match(request.Sender, self)) return false;
        return request.Recipient is null || request.Recipient.Equals(Everyone, StringComparison.OrdinalIgnoreCase)
            || DialectNames.Match(request.Recipient, self);
    }
}
