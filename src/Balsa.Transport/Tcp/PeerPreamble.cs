using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>Tells members from others on a port that serves both.</summary>
public static class PeerPreamble
{
    /// <summary>
    /// True when the first bytes of a connection, one or more, can be those of a member. One is enough: HTTP, HTTP/2 and TLS
    /// begin differently. Look at them without taking them (<see cref="System.Net.Sockets.SocketFlags.Peek"/>).
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> first)
    {
        var compared = Math.Min(first.Length, HelloCodec.Preamble.Length);
        return compared > 0 && first[..compared].SequenceEqual(HelloCodec.Preamble[..compared]);
    }
}
