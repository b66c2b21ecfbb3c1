using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Transport.Tests.Tcp;

/// <summary>Half-open connections of all kinds, seen from both ends.</summary>
public sealed class KeepAliveTests
{
    private static readonly MemberId B = new(2);

    private static PeerNetworkOptions Quick(PeerNetworkOptions options) => options with
    {
        PingInterval = TimeSpan.FromMilliseconds(20), DeadAfter = TimeSpan.FromMilliseconds(200),
        HelloTimeout = TimeSpan.FromMilliseconds(300),
    };

    [Fact]
    public async Task A_peer_that_stops_to_read_is_noticed()
    {
        await using var a = new TestNode(1, Quick);
        await using var b = new TestNode(2);
        await using var jam = new Jam(b.Network.Address, _ => true);
        a.Reach(B, jam.Address);
        Assert.Equal(B, await a.LostAsync());
        Assert.True(a.Counters.Silent > 0);
    }

    [Fact]
    [Row("S1-36", "M1-14")]
    public async Task A_peer_that_stops_to_read_is_given_up_and_no_other_notices()
    {
        // A good peer may have to wait for the machine for a moment, and is not given up for that.
        await using var a = new TestNode(1, options => Quick(options) with { DeadAfter = TimeSpan.FromSeconds(3) });
        await using var b = new TestNode(2);
        await using var c = new TestNode(3);
        await using var jam = new Jam(b.Network.Address, _ => true);
        a.Network.Reach(new Dictionary<MemberId, IReadOnlyList<EndPoint>> { [B] = [jam.Address], [c.Id] = [c.Network.Address] });
        await a.WaitUntilUpAsync(c.Id);
        var lost = a.LostAsync();
        ulong sent = 0;
        while (!lost.IsCompleted)
        {
            a.Send(B, sent);
            a.Send(c.Id, sent);
            Assert.Equal(sent++, (await c.NextMessageAsync()).Message.Message.Commit.Value);
        }

        Assert.Equal(B, await lost);
        Assert.True(sent > 10, $"only {sent} messages before it was given up");
    }

    [Fact]
    public async Task A_peer_that_welcomes_and_then_says_nothing_is_noticed_while_messages_flow()
    {
        await using var a = new TestNode(1, Quick);
        using var listener = Listen();
        a.Reach(B, listener.LocalEndPoint!);
        using var call = await listener.AcceptAsync().WaitAsync(TestNode.Long);
        await call.SendAsync(HelloCodec.WriteAnswer(HelloVerdict.Welcome, B, default));
        await a.WaitUntilUpAsync(B);
        // Everything is read, as a kernel does for a process that stands still; the end of it is that A hangs up.
        var reading = TestNode.WaitForEndAsync(call);
        while (!reading.IsCompleted)
        {
            a.Send(B, 1);
            await Task.Delay(1);
        }

        await reading;
        Assert.Equal(B, await a.LostAsync());
        Assert.Equal(1, a.Counters.Silent);
    }

    [Fact]
    public async Task A_peer_that_accepts_and_says_nothing_is_left_and_tried_again()
    {
        await using var a = new TestNode(1, Quick);
        using var listener = Listen();
        a.Reach(B, listener.LocalEndPoint!);
        using var first = await listener.AcceptAsync().WaitAsync(TestNode.Long);
        using var second = await listener.AcceptAsync().WaitAsync(TestNode.Long);
        Assert.False(a.Network.IsUp(B));
        await TestNode.WaitForEndAsync(first);
    }

    [Fact]
    public async Task A_caller_that_falls_silent_is_hung_up_on()
    {
        await using var b = new TestNode(2, Quick);
        foreach (var link in new[] { LinkPurpose.Consensus, LinkPurpose.Bulk })
        {
            using var caller = await PeerNetworkTests.SayHelloAsync(b, link);
            await TestNode.WaitForEndAsync(caller);
        }

        using var limit = new CancellationTokenSource(TestNode.Long);
        while (b.Counters.Silent < 2 || b.Network.Connections > 0) await Task.Delay(5, limit.Token);
    }

    [Fact]
    public async Task A_ping_is_answered_and_anything_but_pongs_from_a_listener_ends_the_link()
    {
        await using var b = new TestNode(2);
        using var caller = await PeerNetworkTests.SayHelloAsync(b, LinkPurpose.Bulk);
        await caller.SendAsync(KeepAliveCodec.Write(FrameKind.Ping, default));
        var answer = new byte[100];
        Assert.Equal(FrameHeader.Bytes, await caller.ReceiveAsync(answer).WaitAsync(TestNode.Long));
        Assert.Equal(KeepAliveCodec.Write(FrameKind.Pong, default), answer[..FrameHeader.Bytes]);

        await using var a = new TestNode(1);
        using var listener = Listen();
        a.Reach(B, listener.LocalEndPoint!);
        using var call = await listener.AcceptAsync().WaitAsync(TestNode.Long);
        await call.SendAsync(HelloCodec.WriteAnswer(HelloVerdict.Welcome, B, default));
        await a.WaitUntilUpAsync(B);
        await call.SendAsync(KeepAliveCodec.Write(FrameKind.Ping, default));
        Assert.Equal(B, await a.LostAsync());
        Assert.Equal(1, a.Counters.Refused(FrameError.OutOfPlace));
    }

    /// <summary>Longer than silence is allowed to last, and nothing to say but pings.</summary>
    [Fact]
    public async Task A_quiet_link_stays_up()
    {
        static PeerNetworkOptions Calm(PeerNetworkOptions options) =>
            options with { PingInterval = TimeSpan.FromMilliseconds(20), DeadAfter = TimeSpan.FromSeconds(1) };
        await using var a = new TestNode(1, Calm);
        await using var b = new TestNode(2, Calm);
        await a.MeetAsync(b);
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal((0, 0), (a.Counters.Silent, b.Counters.Silent));
        a.Send(B, 5);
        Assert.Equal(5UL, (await b.NextMessageAsync()).Message.Message.Commit.Value);
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }
}
