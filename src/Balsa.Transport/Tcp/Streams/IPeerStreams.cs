using System.Net;
using System.Net.Sockets;

namespace Balsa.Transport.Tcp.Streams;

/// <summary>
/// What members' bytes run through above the socket: nothing, or what guards them on the way. One that wraps must close
/// when its socket is closed.
/// </summary>
public interface IPeerStreams
{
    /// <summary>For a caller that was accepted; nothing of it was read.</summary>
    ValueTask<Stream> AcceptAsync(Socket accepted, CancellationToken stop);

    /// <param name="target">What was dialled, with the name that the other side should prove.</param>
    ValueTask<Stream> ConnectAsync(Socket connected, EndPoint target, CancellationToken stop);
}
