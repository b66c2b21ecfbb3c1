using System.Net;
using System.Net.Sockets;

namespace Balsa.Transport.Tcp.Streams;

/// <summary>The bytes as they are.</summary>
public sealed class PlainPeerStreams : IPeerStreams
{
    public static PlainPeerStreams Instance { get; } = new();

    public ValueTask<Stream> AcceptAsync(Socket accepted, CancellationToken stop) => new(new NetworkStream(accepted));

    public ValueTask<Stream> ConnectAsync(Socket connected, EndPoint target, CancellationToken stop) => new(new NetworkStream(connected));
}
