using System.Globalization;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;

namespace Balsa.Transport.Tests.Codec;

/// <summary>
/// Frames as they are on the wire, byte by byte. A test that fails here says that this build cannot talk to the ones
/// before it: raise the protocol instead of changing the bytes.
/// </summary>
public sealed class GoldenFrameTests
{
    private static readonly PeerHello Hello = new(
        0x11, new MemberId(2),
        new Hello(
            new Origin(new GroupId(5), new MemberId(1), new Incarnation(0x22), new Boot(3), 4), new Term(6), new LogIndex(7),
            Repairing: true),
        LinkPurpose.Bulk);

    public static TheoryData<string> Names => [.. Frames.Select(frame => frame.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_has_these_bytes(string name)
    {
        var golden = Frames.Single(frame => frame.Name == name);
        var expected = golden.Hex.Replace(" ", "", StringComparison.Ordinal).ToUpper(CultureInfo.InvariantCulture);
        Assert.Equal(expected, Convert.ToHexString(Write(name)));
    }

    [Fact]
    public void Every_kind_of_frame_and_parcel_has_its_bytes_here()
    {
        var expected = Enum.GetNames<ParcelKind>()
            .Concat(Enum.GetNames<FrameKind>().Where(name => name != "Parcel")).Append("FoundingHello");
        Assert.Equal(expected.Order(), Frames.Select(frame => frame.Name).Order());
    }

    /// <summary>The frame of that name, sealed for a group.</summary>
    public static byte[] InGroup(string name, GroupId group)
    {
        var frame = Write(name);
        var kind = (FrameKind)frame[8];
        FrameHeader.Seal(frame, kind, group);
        return frame;
    }

    private static byte[] Write(string name)
    {
        if (Enum.TryParse<ParcelKind>(name, out var kind)) return ParcelSamples.Frame(ParcelSamples.OfKind(kind));
        var message = Samples.Message(MessageKind.Append, 0x10);
        return name switch
        {
            "Hello" => HelloCodec.Write(Hello),
            "FoundingHello" => HelloCodec.Write(PeerHello.OfFounding(new GroupId(5), 4)),
            "HelloAnswer" => HelloCodec.WriteAnswer(HelloVerdict.BootRolledBack, new MemberId(2), new GroupId(5)),
            "Message" => Samples.Frame(message, (EntryKind.Data, "ab"u8.ToArray()), (EntryKind.Noop, [])),
            "Ping" => KeepAliveCodec.Write(FrameKind.Ping, new GroupId(5)),
            _ => KeepAliveCodec.Write(FrameKind.Pong, new GroupId(5)),
        };
    }

    private static readonly (string Name, string Hex)[] Frames =
    [
        ("Hello",
            "48000000770ba0bb01010000b6d75a140500000000000000 0200000004000000 1100000000000000 0100000000000000 "
            + "0200000000000000 2200000000000000 0300000000000000 0600000000000000 0700000000000000 0201 000000000000"),
        ("FoundingHello",
            "480000005956498a01010000622d65c70500000000000000 0200000004000000 0000000000000000 0000000000000000 "
            + "0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000 0300 000000000000"),
        ("HelloAnswer", "100000005ee5f2580201000042a1f8f70500000000000000 0600000000000000 0200000000000000"),
        ("Message",
            "7a000000eaaaf1e9030100006af8cc530500000000000000 0510000002000000 1100000000000000 1200000000000000 "
            + "1300000000000000 1400000000000000 1500000000000000 1600000000000000 1700000000000000 1800000000000000 "
            + "1900000000000000 1200000000000000 0200000002000000 3629a2e2 6162 1200000000000000 0100000000000000 00000000"),
        ("Ping", "0000000060f5628705010000000000000500000000000000"),
        ("Pong", "0000000093959a9406010000000000000500000000000000"),
        ("SnapshotOpen",
            "28000000d1a5957c04010000193826000500000000000000 0100000000000000 11000000000000002200000000000000 "
            + "3300000000000000 4400000000000000"),
        ("SnapshotHave",
            "2c0000000510b9fc040100001f20a7710500000000000000 0200000000000000 11000000000000002200000000000000 "
            + "3300000000000000 4400000000000000 55000000"),
        ("SnapshotPiece",
            "380000004d16817004010000610bcfb00500000000000000 0300000000000000 11000000000000002200000000000000 "
            + "3300000000000000 4400000000000000 0000000000000000 01 03000000070809"),
        ("SnapshotTaken",
            "29000000e23ec9cf04010000ef863c8e0500000000000000 0400000000000000 11000000000000002200000000000000 "
            + "3300000000000000 4400000000000000 02"),
        ("Forward",
            "1e0000009823809f040100007f9cc2bc0500000000000000 0500000000000000 6600000000000000 7700000000000000 020000000102"),
        ("ForwardAnswer",
            "320000000c7d0739040100004ad3e6080500000000000000 0600000000000000 6600000000000000 0205 0200000000000000 "
            + "11000000000000002200000000000000 0101 020000000405"),
        ("HashOpinion",
            "28000000973047f3040100007a25ccf40500000000000000 0700000000000000 8800000000000000 0100000002000000 "
            + "9900000000000000 aa00000000000000"),
        ("FoundingAsk",
            "3e000000fb36a6df040100001b6505940500000000000000 0800000000000000 03000000746f6b bb00000000000000 01 "
            + "a10000000000000003000000 04000000616e6e61 0a000000687474703a2f2f613a31 00000000"),
        ("FoundingAnswer",
            "46000000bc3c6cf904010000d0ce1d000500000000000000 0900000000000000 04 cc00000000000000 bb00000000000000 "
            + "03000000612c62 a10000000000000003000000 04000000616e6e61 0a000000687474703a2f2f613a31 00000000"),
        ("FoundingRecord",
            "4e000000d90c54050401000043e3dc6b0500000000000000 0a00000000000000 03000000746f6b bb00000000000000 "
            + "cc00000000000000 01000100000001000000000000000100000000000000010000000000000000000000000000000102006e3100000000"),
    ];
}
