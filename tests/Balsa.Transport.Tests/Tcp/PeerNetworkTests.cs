using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Forwarding;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class PeerNetworkTests
{
    private static readonly MemberId A = new(1), B = new(2);

    [Fact]
    [Row("M1-20")]
    public async Task Messages_and_parcels_arrive_in_order_on_the_link_that_the_sender_dialled()
    {
        await using var a = new TestNode(1, options => options with { OutboxFramesMax = 2000 });
        await using var b = new TestNode(2);
        a.Reach(b);
        await a.WaitUntilUpAsync(B);
        for (ulong i = 0; i < 1000; i++)
        {
            a.Send(B, i);
            if (i % 10 == 0) Assert.True(a.Network.Send(B, new Forward(i, default, [1])));
        }

        for (ulong i = 0; i < 1000; i++)
        {
            var (from, message) = await b.NextMessageAsync();
            Assert.Equal((A, i), (from.Member, message.Message.Commit.Value));
        }

        for (ulong i = 0; i < 1000; i += 10) Assert.Equal(i, ((Forward)(await b.NextParcelAsync()).Parcel).Number);
        Assert.Equal(0, a.Counters.Dropped);
    }

    [Fact]
    public async Task A_peer_that_comes_back_is_reached_again()
    {
        await using var a = new TestNode(1);
        var b = new TestNode(2);
        a.Reach(b);
        await a.WaitUntilUpAsync(B);
        var address = b.Network.Address;
        await b.DisposeAsync();
        Assert.Equal(B, await a.LostAsync());
        await using var again = new TestNode(2, options => options with { Listen = address });
        again.Reach(a);
        await a.WaitUntilUpAsync(B);
        a.Send(B, 42);
        Assert.Equal(42UL, (await again.NextMessageAsync()).Message.Message.Commit.Value);
    }

    [Fact]
    public async Task Who_is_not_welcome_learns_why_and_is_not_heard()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2) { Verdict = HelloVerdict.StateRolledBack };
        a.Reach(b);
        Assert.Equal((B, HelloVerdict.StateRolledBack), await a.RefusedAsync());
        Assert.False(a.Network.IsUp(B));
        Assert.False(await a.Network.SendBulkAsync(B, ParcelSamples.OfKind(ParcelKind.SnapshotOpen), default));
    }

    [Fact]
    public async Task Another_cluster_is_refused_and_one_that_is_not_founded_says_so()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2, options => options with { Cluster = 8 });
        a.Reach(b);
        Assert.Equal((B, HelloVerdict.WrongCluster), await a.RefusedAsync());
        await using var empty = new TestNode(2, options => options with { Cluster = 0, Self = default });
        a.Reach(B, empty.Network.Address);
        Assert.Equal((B, HelloVerdict.NotFounded), await a.RefusedAsync());
    }

    [Fact]
    public async Task Strangers_and_damaged_frames_are_closed_and_counted()
    {
        await using var b = new TestNode(2);
        using (var stranger = await b.ConnectAsync())
        {
            await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            await TestNode.WaitForEndAsync(stranger);
        }

        using (var damaged = await SayHelloAsync(b, LinkPurpose.Consensus))
        {
            await damaged.SendAsync(new byte[FrameHeader.Bytes]);
            await TestNode.WaitForEndAsync(damaged);
        }

        Assert.Equal(1, b.Counters.Refused(FrameError.NotAPeer));
        Assert.Equal(1, b.Counters.Refused(FrameError.DamagedHeader));
    }

    public static TheoryData<LinkPurpose, string> OutOfPlace => new()
    {
        { LinkPurpose.Consensus, "SnapshotPiece" }, { LinkPurpose.Consensus, "FoundingAsk" }, { LinkPurpose.Consensus, "Hello" },
        { LinkPurpose.Consensus, "Pong" }, { LinkPurpose.Bulk, "Message" }, { LinkPurpose.Bulk, "Forward" },
        { LinkPurpose.Bulk, "FoundingRecord" },
    };

    [Theory]
    [MemberData(nameof(OutOfPlace))]
    public async Task A_frame_that_does_not_belong_on_its_link_closes_it(LinkPurpose link, string what)
    {
        await using var b = new TestNode(2);
        using var caller = await SayHelloAsync(b, link);
        await caller.SendAsync(GoldenFrameTests.InGroup(what, default));
        await TestNode.WaitForEndAsync(caller);
        Assert.Equal(1, b.Counters.Refused(FrameError.OutOfPlace));
    }

    /// <summary>The protocol before this one had the same frames; whoever speaks it learns that it is too old.</summary>
    [Fact]
    public async Task An_older_build_is_told_that_its_protocol_is_unknown()
    {
        await using var b = new TestNode(2);
        using var old = await b.ConnectAsync();
        var hello = GoldenFrameTests.InGroup("Hello", default);
        hello[FrameHeader.Bytes] = 1;
        FrameHeader.Seal(hello, FrameKind.Hello, default);
        await old.SendAsync((byte[])[.. HelloCodec.Preamble, .. hello]);
        Assert.Equal(HelloVerdict.UnknownProtocol, await ReadVerdictAsync(old));
        await TestNode.WaitForEndAsync(old);
    }

    [Fact]
    public async Task A_frame_of_four_gigabytes_is_refused_by_its_head()
    {
        await using var b = new TestNode(2);
        using var caller = await SayHelloAsync(b, LinkPurpose.Bulk);
        var frame = new byte[FrameHeader.Bytes + Samples.BodyBytesMax + 1];
        FrameHeader.Seal(frame, FrameKind.Parcel, default);
        await caller.SendAsync(frame.AsMemory(0, FrameHeader.Bytes));
        await TestNode.WaitForEndAsync(caller);
        Assert.Equal(1, b.Counters.Refused(FrameError.TooLarge));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_dropped_and_counted()
    {
        await using var a = new TestNode(1);
        var nobody = new MemberId(9);
        a.Reach(nobody, new IPEndPoint(IPAddress.Loopback, 1));
        a.Send(nobody, 1);
        a.Send(new MemberId(10), 1);
        Assert.False(a.Network.Send(nobody, new Forward(1, default, [1])));
        Assert.Equal(3, a.Counters.Dropped);
    }

    [Fact]
    public async Task A_parcel_larger_than_a_frame_is_not_sent()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2);
        await a.MeetAsync(b);
        const int Around = 8 + 16 + 4;
        Assert.False(a.Network.Send(B, new Forward(1, default, new byte[Samples.BodyBytesMax - Around + 1])));
        Assert.True(a.Network.Send(B, new Forward(2, default, new byte[Samples.BodyBytesMax - Around])));
        Assert.Equal(2UL, ((Forward)(await b.NextParcelAsync()).Parcel).Number);
    }

    internal static byte[] HelloTo(TestNode to, LinkPurpose link)
    {
        var origin = new Origin(default, A, new Incarnation(1), new Boot(1), 1);
        return [.. HelloCodec.Preamble, .. HelloCodec.Write(new PeerHello(7, to.Id, new Hello(origin, default, default), link))];
    }

    internal static async Task<Socket> SayHelloAsync(TestNode to, LinkPurpose link)
    {
        var socket = await to.ConnectAsync();
        await socket.SendAsync(HelloTo(to, link));
        Assert.Equal(HelloVerdict.Welcome, await ReadVerdictAsync(socket));
        return socket;
    }

    private static async Task<HelloVerdict> ReadVerdictAsync(Socket socket)
    {
        var answer = new byte[100];
        Assert.Equal(FrameHeader.Bytes + 16, await socket.ReceiveAsync(answer));
        Assert.Equal(FrameError.None, FrameHeader.TryRead(answer, 16, out var header));
        var body = answer.AsSpan(FrameHeader.Bytes, header.BodyBytes);
        Assert.Equal(FrameError.None, HelloCodec.TryReadAnswer(header, body, out var verdict, out _));
        return verdict;
    }
}
