using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// Makes connections to one peer: all its addresses in turn, and all that a name stands for, asked anew each time.
/// </summary>
internal sealed class Dialer(PeerNetworkOptions options, MemberId peer, LinkPurpose purpose, IReadOnlyList<EndPoint> addresses)
{
    private readonly List<EndPoint> _addresses = [.. addresses];

    /// <summary>The peer was reached here, so the next dial begins here.</summary>
    internal void Prefer(EndPoint target)
    {
        _addresses.Remove(target);
        _addresses.Insert(0, target);
    }

    /// <summary>Each connection that can be made, one after the other. Who takes the next one has given up the one before.</summary>
    internal async IAsyncEnumerable<(EndPoint Target, PeerConnection Connection)> DialAsync(
        [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var target in _addresses.ToArray())
        {
            foreach (var address in await ResolveAsync(target, stop))
            {
                if (await TryConnectAsync(target, address, stop) is { } connection) yield return (target, connection);
            }
        }
    }

    private async Task<IPEndPoint[]> ResolveAsync(EndPoint target, CancellationToken stop)
    {
        if (target is IPEndPoint address) return [address];
        if (target is not DnsEndPoint name) return [];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.ConnectTimeout);
        try
        {
            var found = await Dns.GetHostAddressesAsync(name.Host, limit.Token);
            return Array.ConvertAll(found, one => new IPEndPoint(one, name.Port));
        }
        catch (Exception problem) when (problem is SocketException or ArgumentException or OperationCanceledException)
        {
            // A name that nobody knows today may be known at the next dial.
            return [];
        }
    }

    private async Task<PeerConnection?> TryConnectAsync(EndPoint target, IPEndPoint address, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.ConnectTimeout);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (options.SourceOf?.Invoke(peer, purpose, address) is { } source) Bind(socket, source);
            await socket.ConnectAsync(address, limit.Token);
            return new PeerConnection(socket, await options.Streams.ConnectAsync(socket, target, limit.Token));
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>
    /// A fixed port is used again at once, so the connection before it must not linger: it ends with a reset. When the port
    /// cannot be had the dial fails; another port would slip through whatever filter this one is for.
    /// </summary>
    private static void Bind(Socket socket, IPEndPoint source)
    {
        // On Unix the runtime does so by itself; elsewhere a port could serve one target only.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        if (source.Port != 0) socket.LingerState = new LingerOption(true, 0);
        socket.Bind(source);
    }
}
