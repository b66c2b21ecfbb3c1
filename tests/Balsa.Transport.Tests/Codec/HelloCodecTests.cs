using System.Buffers.Binary;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Codec;

public sealed class HelloCodecTests
{
    private const int LinkAt = FrameHeader.Bytes + 64, FlagsAt = LinkAt + 1;

    private static readonly PeerHello Sample = new(
        6, new MemberId(7),
        new Hello(
            new Origin(new GroupId(5), new MemberId(1), new Incarnation(2), new Boot(3), 4), new Term(8), new LogIndex(9),
            Repairing: true));

    [Fact]
    public void Addresses_come_back_and_a_length_that_is_not_theirs_is_refused()
    {
        var hello = new PeerHello(
            7, new MemberId(2), new Hello(new Origin(default, new MemberId(1), new Incarnation(9), new Boot(3), 1), default, default),
            PeerUrls: "http://é.example:2380");
        var frame = HelloCodec.Write(hello);
        Assert.Equal(FrameError.None, Read(frame, out var read));
        Assert.Equal(hello, read);
        frame[FrameHeader.Bytes + 66]--;
        FrameHeader.Seal(frame, FrameKind.Hello, default);
        Assert.Equal(FrameError.MalformedBody, Read(frame, out _));
        frame[FrameHeader.Bytes + 66]++;
        frame[^1] = 0xff;
        FrameHeader.Seal(frame, FrameKind.Hello, default);
        Assert.Equal(FrameError.MalformedBody, Read(frame, out _));

        static FrameError Read(byte[] frame, out PeerHello read)
        {
            read = default;
            var error = FrameHeader.TryRead(frame, 4096, out var header);
            return error == FrameError.None ? HelloCodec.TryRead(header, frame.AsSpan(FrameHeader.Bytes), out read) : error;
        }
    }

    [Fact]
    public void A_hello_comes_back_as_it_was()
    {
        foreach (var link in new[] { LinkPurpose.Consensus, LinkPurpose.Bulk })
        {
            var hello = Sample with { Link = link };
            Assert.Equal((FrameError.None, hello), Read(HelloCodec.Write(hello)));
        }

        var founding = PeerHello.OfFounding(new GroupId(5), 4);
        Assert.Equal((FrameError.None, founding), Read(HelloCodec.Write(founding)));
    }

    [Fact]
    public void An_answer_comes_back_as_it_was()
    {
        foreach (var verdict in Enum.GetValues<HelloVerdict>())
        {
            var answer = HelloCodec.WriteAnswer(verdict, new MemberId(3), new GroupId(5));
            Assert.Equal(FrameError.None, FrameHeader.TryRead(answer, 4096, out var header));
            Assert.Equal(FrameError.None, HelloCodec.TryReadAnswer(header, answer.AsSpan(FrameHeader.Bytes), out var said, out var member));
            Assert.Equal((verdict, new MemberId(3)), (said, member));
        }
    }

    [Fact]
    public void Only_a_founding_hello_may_be_without_names()
    {
        Assert.Equal(FrameError.MalformedBody, Read(HelloCodec.Write(Sample with { Link = LinkPurpose.Founding })).Error);
        Assert.Equal(FrameError.MalformedBody, Read(HelloCodec.Write(Sample with { Cluster = 0 })).Error);
        Assert.Equal(FrameError.MalformedBody, Read(HelloCodec.Write(Sample with { To = default })).Error);
        Assert.Equal(
            FrameError.MalformedBody, Read(HelloCodec.Write(PeerHello.OfFounding(default, 1) with { Link = LinkPurpose.Bulk })).Error);
    }

    [Fact]
    public void A_purpose_or_flag_of_a_later_build_is_refused()
    {
        foreach (var (at, value) in new[] { (LinkAt, 0), (LinkAt, 4), (FlagsAt, 2), (FlagsAt, 255), (FlagsAt + 1, 1), (FlagsAt + 6, 1) })
        {
            var frame = HelloCodec.Write(Sample);
            frame[at] = (byte)value;
            FrameHeader.Seal(frame, FrameKind.Hello, new GroupId(5));
            Assert.Equal(FrameError.MalformedBody, Read(frame).Error);
        }
    }

    /// <summary>So that the listener can answer "unknown protocol" instead of hanging up without a word.</summary>
    [Fact]
    public void Another_protocol_is_known_by_its_number_whatever_follows()
    {
        foreach (var (protocol, bytes) in new[] { (1u, 72), (3u, 72), (3u, 4), (3u, 500) })
        {
            var frame = new byte[FrameHeader.Bytes + bytes];
            BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(FrameHeader.Bytes), protocol);
            FrameHeader.Seal(frame, FrameKind.Hello, default);
            Assert.Equal(FrameError.UnknownVersion, Read(frame).Error);
        }
    }

    [Fact]
    public void Cut_flipped_and_random_hellos_are_refused()
    {
        var whole = HelloCodec.Write(Sample);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameError.None, Read(damaged).Error);
        }

        for (var length = FrameHeader.Bytes; length < whole.Length; length++)
        {
            var cut = whole[..length];
            FrameHeader.Seal(cut, FrameKind.Hello, default);
            Assert.Equal(FrameError.MalformedBody, Read(cut).Error);
        }

        var random = new Random(3);
        for (var round = 0; round < 100_000; round++)
        {
            var frame = new byte[FrameHeader.Bytes + random.Next(100)];
            random.NextBytes(frame);
            FrameHeader.Seal(frame, FrameKind.Hello, default);
            Assert.NotEqual(FrameError.None, Read(frame).Error);
        }
    }

    private static (FrameError Error, PeerHello Hello) Read(byte[] frame)
    {
        var error = FrameHeader.TryRead(frame, 4096, out var header);
        if (error != FrameError.None) return (error, default);
        return (HelloCodec.TryRead(header, frame.AsSpan(FrameHeader.Bytes), out var hello), hello);
    }
}
