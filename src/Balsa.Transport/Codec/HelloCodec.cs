using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Transport.Codec;

/// <summary>The first frame of a connection: who calls, whom, and what for.</summary>
/// <param name="PeerUrls">Where the caller can be called back: the log of the one who is called may not name it yet.</param>
public readonly record struct PeerHello(
    ulong Cluster, MemberId To, Hello Hello, LinkPurpose Link = LinkPurpose.Consensus, string PeerUrls = "")
{
    /// <summary>Of a caller that has no cluster yet, so neither side has a name.</summary>
    public static PeerHello OfFounding(GroupId group, uint featureLevel) =>
        new(0, default, new Hello(new Origin(group, default, default, default, featureLevel), default, default), LinkPurpose.Founding);
}

/// <summary>What became of a hello. The values are on the wire: never renumber.</summary>
public enum HelloVerdict : byte
{
    Welcome = 0,
    UnknownProtocol = 1,
    WrongCluster = 2,
    WrongGroup = 3,

    /// <summary>Somebody else lives at this address.</summary>
    WrongMember = 4,
    WrongIncarnation = 5,
    BootRolledBack = 6,
    StateRolledBack = 7,

    /// <summary>The listener has no cluster yet and takes only founding calls. Try again later.</summary>
    NotFounded = 8,

    /// <summary>A committed change of members has removed the caller, for good.</summary>
    Removed = 9,
}

/// <summary>
/// Hello: <c>4 protocol | 4 feature level | 8 cluster | 8 from | 8 to | 8 incarnation | 8 boot | 8 term | 8 durable last |
/// 1 link | 1 flags | 2 length of addresses | 4 zero | addresses</c>; flag 1 is *repairing*. A founding hello has cluster,
/// from and to 0, and no other has.
/// Its answer: <c>1 verdict | 7 zero | 8 member</c>. Little-endian.
/// </summary>
public static class HelloCodec
{
    public const uint Protocol = 2;
    private const byte RepairingBit = 1;
    private const int HelloBytes = 72, AnswerBytes = 16, UrlsBytesMax = 1024;

    /// <summary>The first bytes of a connection, different from those of HTTP, HTTP/2 and TLS.</summary>
    public static ReadOnlySpan<byte> Preamble => "BALSA\0p1"u8;

    public static byte[] Write(in PeerHello hello)
    {
        // More than that is nobody's address, and the caller is known by its configuration most of the time.
        var urls = Encoding.UTF8.GetByteCount(hello.PeerUrls) > UrlsBytesMax ? [] : Encoding.UTF8.GetBytes(hello.PeerUrls);
        var frame = new byte[FrameHeader.Bytes + HelloBytes + urls.Length];
        var body = frame.AsSpan(FrameHeader.Bytes);
        var origin = hello.Hello.Origin;
        BinaryPrimitives.WriteUInt32LittleEndian(body, Protocol);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], origin.FeatureLevel);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], hello.Cluster);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], origin.Member.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[24..], hello.To.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[32..], origin.Incarnation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[40..], origin.Boot.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[48..], hello.Hello.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[56..], hello.Hello.DurableLast.Value);
        body[64] = (byte)hello.Link;
        body[65] = hello.Hello.Repairing ? RepairingBit : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(body[66..], (ushort)urls.Length);
        urls.CopyTo(body[HelloBytes..]);
        FrameHeader.Seal(frame, FrameKind.Hello, origin.Group);
        return frame;
    }

    public static FrameError TryRead(in FrameHeader header, ReadOnlySpan<byte> body, out PeerHello hello)
    {
        hello = default;
        if (header.Kind != FrameKind.Hello) return FrameError.OutOfPlace;
        if (Crc32C.Of(body) != header.BodyCrc) return FrameError.DamagedBody;
        // A later protocol may say more; what it must say first is which one it is.
        if (body.Length < 4) return FrameError.MalformedBody;
        if (BinaryPrimitives.ReadUInt32LittleEndian(body) != Protocol) return FrameError.UnknownVersion;
        if (body.Length < HelloBytes || !IsSound(body)) return FrameError.MalformedBody;
        var origin = new Origin(
            header.Group, new MemberId(Number(body, 16)), new Incarnation(Number(body, 32)), new Boot(Number(body, 40)),
            BinaryPrimitives.ReadUInt32LittleEndian(body[4..]));
        hello = new PeerHello(
            Number(body, 8), new MemberId(Number(body, 24)),
            new Hello(origin, new Term(Number(body, 48)), new LogIndex(Number(body, 56)), body[65] == RepairingBit),
            (LinkPurpose)body[64], Encoding.UTF8.GetString(body[HelloBytes..]));
        return FrameError.None;
    }

    public static byte[] WriteAnswer(HelloVerdict verdict, MemberId member, GroupId group)
    {
        var frame = new byte[FrameHeader.Bytes + AnswerBytes];
        frame[FrameHeader.Bytes] = (byte)verdict;
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(FrameHeader.Bytes + 8), member.Value);
        FrameHeader.Seal(frame, FrameKind.HelloAnswer, group);
        return frame;
    }

    public static FrameError TryReadAnswer(in FrameHeader header, ReadOnlySpan<byte> body, out HelloVerdict verdict, out MemberId member)
    {
        (verdict, member) = (default, default);
        if (header.Kind != FrameKind.HelloAnswer) return FrameError.OutOfPlace;
        if (Crc32C.Of(body) != header.BodyCrc) return FrameError.DamagedBody;
        if (body.Length != AnswerBytes || body[0] > (byte)HelloVerdict.Removed) return FrameError.MalformedBody;
        (verdict, member) = ((HelloVerdict)body[0], new MemberId(Number(body, 8)));
        return FrameError.None;
    }

    private static bool IsSound(ReadOnlySpan<byte> body)
    {
        if (body[65] > RepairingBit || body[68..HelloBytes].ContainsAnyExcept((byte)0)) return false;
        var urls = body[HelloBytes..];
        if (urls.Length > UrlsBytesMax || urls.Length != BinaryPrimitives.ReadUInt16LittleEndian(body[66..])) return false;
        if (!Utf8.IsValid(urls)) return false;
        var names = (Number(body, 8) != 0, Number(body, 16) != 0, Number(body, 24) != 0);
        return (LinkPurpose)body[64] switch
        {
            LinkPurpose.Consensus or LinkPurpose.Bulk => names == (true, true, true),
            LinkPurpose.Founding => names == (false, false, false),
            _ => false,
        };
    }

    private static ulong Number(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadUInt64LittleEndian(body[at..]);
}
