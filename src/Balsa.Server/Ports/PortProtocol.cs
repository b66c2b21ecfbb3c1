using System.Buffers;

namespace Balsa.Server.Ports;

/// <summary>What a connection to the client port speaks.</summary>
internal enum PortProtocol : byte
{
    /// <summary>Too few bytes to say.</summary>
    Undecided,

    /// <summary>HTTP/2 without TLS and without an upgrade: gRPC.</summary>
    Http2,
    Http1,

    /// <summary>JSON documents behind their length.</summary>
    Frames,

    /// <summary>A TLS handshake; this port has no certificate.</summary>
    Tls,
    Nothing,
}

/// <summary>
/// Tells protocols apart by the first five bytes. They cannot be confused: a method of HTTP is capital letters and a space,
/// HTTP/2 begins with a method that nobody else has, and the fifth byte of a frame is the brace of its document.
/// </summary>
internal static class FirstBytes
{
    internal const int Needed = 5;
    private const byte TlsHandshake = 0x16;

    internal static PortProtocol Judge(in ReadOnlySequence<byte> bytes)
    {
        Span<byte> first = stackalloc byte[Needed];
        var seen = (int)Math.Min(bytes.Length, Needed);
        bytes.Slice(0, seen).CopyTo(first);
        return Judge(first[..seen]);
    }

    internal static PortProtocol Judge(ReadOnlySpan<byte> first)
    {
        if (first.Length < Needed) return PortProtocol.Undecided;
        if (first.StartsWith("PRI *"u8)) return PortProtocol.Http2;
        if (first[Needed - 1] == '{') return PortProtocol.Frames;
        if (first[0] == TlsHandshake) return PortProtocol.Tls;
        return IsMethod(first) ? PortProtocol.Http1 : PortProtocol.Nothing;
    }

    /// <summary>"GET /", "POST ", "OPTIO": letters, and then at most a space and whatever it asks for.</summary>
    private static bool IsMethod(ReadOnlySpan<byte> first)
    {
        var letters = first.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return letters < 0 || (letters >= 3 && first[letters] == ' ');
    }
}
