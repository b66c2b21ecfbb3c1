using Balsa.Raft;
using Balsa.Raft.Identity;

namespace Balsa.Transport.Codec;

/// <summary>Ping and pong: frames without a body.</summary>
public static class KeepAliveCodec
{
    public static byte[] Write(FrameKind kind, GroupId group)
    {
        Invariant.Check(kind is FrameKind.Ping or FrameKind.Pong);
        var frame = new byte[FrameHeader.Bytes];
        FrameHeader.Seal(frame, kind, group);
        return frame;
    }

    public static FrameError TryRead(in FrameHeader header, FrameKind expected)
    {
        if (header.Kind != expected) return FrameError.OutOfPlace;
        return header is { BodyBytes: 0, BodyCrc: 0 } ? FrameError.None : FrameError.MalformedBody;
    }
}
