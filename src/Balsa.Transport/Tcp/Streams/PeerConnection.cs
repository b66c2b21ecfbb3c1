using System.Net.Sockets;
using System.Security.Authentication;

namespace Balsa.Transport.Tcp.Streams;

/// <summary>A socket, the stream above it, and its frames. Closing it from any thread ends whoever reads or writes.</summary>
internal sealed class PeerConnection(Socket socket, Stream stream) : IDisposable
{
    internal Stream Stream => stream;

    internal FrameReader Reader { get; } = new(stream);

    /// <summary>What connections end with. Peers come and go; anything else is a mistake of ours.</summary>
    internal static bool IsBreak(Exception problem) =>
        problem is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException;

    /// <summary>Nothing more will be sent. The other side closes when it has read all of it; to close before would lose some.</summary>
    internal void FinishSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>The socket first: a stream that wants to say good-bye must not wait for a peer that is gone.</summary>
    public void Dispose()
    {
        socket.Dispose();
        stream.Dispose();
    }
}
