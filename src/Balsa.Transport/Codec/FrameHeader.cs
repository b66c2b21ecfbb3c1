using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Transport.Codec;

/// <summary>What a frame is. The values are on the wire: never renumber.</summary>
public enum FrameKind : byte
{
    Hello = 1,
    HelloAnswer = 2,
    Message = 3,

    /// <summary>Anything between members that is no message of the core.</summary>
    Parcel = 4,

    /// <summary>Says nothing but that the caller lives; answered with a pong.</summary>
    Ping = 5,
    Pong = 6,
}

/// <summary>The head of every frame.</summary>
/// <remarks>
/// <code>
/// 0        4         8      9         10   12        16      24
/// +--------+---------+------+---------+----+---------+-------+------+
/// | length | crc of  | kind | version | 0  | crc of  | group | body |
/// | of body| header  |      |   = 1   |    | body    |       |      |
/// +--------+---------+------+---------+----+---------+-------+------+
/// </code>
/// Little-endian. The header has its own checksum, so that a damaged length is noticed before it is believed.
/// </remarks>
public readonly record struct FrameHeader(FrameKind Kind, int BodyBytes, uint BodyCrc, GroupId Group)
{
    public const int Bytes = 24;
    public const byte Version = 1;

    /// <summary>Fills in the first <see cref="Bytes"/> of a frame whose body is in place.</summary>
    public static void Seal(Span<byte> frame, FrameKind kind, GroupId group)
    {
        var body = frame[Bytes..];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)body.Length);
        frame[8] = (byte)kind;
        frame[9] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[10..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], Crc32C.Of(body));
        BinaryPrimitives.WriteUInt64LittleEndian(frame[16..], group.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame));
    }

    /// <param name="source">At least <see cref="Bytes"/>.</param>
    public static FrameError TryRead(ReadOnlySpan<byte> source, int bodyBytesMax, out FrameHeader header)
    {
        header = default;
        if (BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Checksum(source)) return FrameError.DamagedHeader;
        if (source[9] != Version || BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) != 0) return FrameError.UnknownVersion;
        var kind = (FrameKind)source[8];
        if (kind is < FrameKind.Hello or > FrameKind.Pong) return FrameError.UnknownKind;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (length > (uint)bodyBytesMax) return FrameError.TooLarge;
        header = new FrameHeader(
            kind, (int)length, BinaryPrimitives.ReadUInt32LittleEndian(source[12..]),
            new GroupId(BinaryPrimitives.ReadUInt64LittleEndian(source[16..])));
        return FrameError.None;
    }

    private static uint Checksum(ReadOnlySpan<byte> header) => Crc32C.Continue(Crc32C.Of(header[..4]), header[8..Bytes]);
}
