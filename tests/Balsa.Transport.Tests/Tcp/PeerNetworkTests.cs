using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class PeerNetworkTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Messages_arrive_in_order_on_the_link_that_the_sender_dialled()
    {
        await using var a = new Node(1);
        await using var b = new Node(2);
        a.Reach(b);
        await a.WaitUntilUpAsync(b);
        for (ulong i = 0; i < 1000; i++) a.Send(b, i);
        for (ulong i = 0; i < 1000; i++)
        {
            var (from, message) = await b.NextAsync();
            Assert.Equal((new MemberId(1), i), (from.Member, message.Message.Commit.Value));
        }
    }

    [Fact]
    public async Task A_peer_that_comes_back_is_reached_again()
    {
        await using var a = new Node(1);
        var b = new Node(2);
        a.Reach(b);
        await a.WaitUntilUpAsync(b);
        var address = b.Network.Address;
        await b.DisposeAsync();
        Assert.Equal(new MemberId(2), await a.LostAsync());
        await using var again = new Node(2, address);
        again.Reach(a);
        await a.WaitUntilUpAsync(again);
        a.Send(again, 42);
        Assert.Equal(42UL, (await again.NextAsync()).Message.Message.Commit.Value);
    }

    [Fact]
    public async Task Who_is_not_welcome_learns_why_and_is_not_heard()
    {
        await using var a = new Node(1);
        await using var b = new Node(2) { Verdict = HelloVerdict.StateRolledBack };
        a.Reach(b);
        Assert.Equal((new MemberId(2), HelloVerdict.StateRolledBack), await a.RefusedAsync());
        Assert.False(a.Network.IsUp(new MemberId(2)));
    }

    [Fact]
    public async Task Another_cluster_is_refused()
    {
        await using var a = new Node(1, cluster: 7);
        await using var b = new Node(2, cluster: 8);
        a.Reach(b);
        Assert.Equal((new MemberId(2), HelloVerdict.WrongCluster), await a.RefusedAsync());
    }

    [Fact]
    public async Task Strangers_and_damaged_frames_are_closed_and_counted()
    {
        await using var b = new Node(2);
        using (var stranger = await ConnectAsync(b))
        {
            await stranger.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            Assert.Equal(0, await stranger.ReceiveAsync(new byte[100]));
        }

        using (var damaged = await ConnectAsync(b))
        {
            var origin = new Origin(default, new MemberId(1), new Incarnation(1), new Boot(1), 1);
            byte[] hello = [.. HelloCodec.Preamble,
                .. HelloCodec.Write(new PeerHello(7, new MemberId(2), new Hello(origin, default, default)))];
            await damaged.SendAsync(hello);
            Assert.Equal(FrameHeader.Bytes + 16, await damaged.ReceiveAsync(new byte[100]));
            await damaged.SendAsync(new byte[FrameHeader.Bytes]);
            Assert.Equal(0, await damaged.ReceiveAsync(new byte[100]));
        }

        Assert.Equal(1, b.Network.Counters.Refused(FrameError.NotAPeer));
        Assert.Equal(1, b.Network.Counters.Refused(FrameError.DamagedHeader));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_dropped_and_counted()
    {
        await using var a = new Node(1);
        a.Network.Reach(new Dictionary<MemberId, IPEndPoint> { [new MemberId(9)] = new(IPAddress.Loopback, 1) });
        var frame = MessageEncoder.Begin(Samples.Message(MessageKind.Heartbeat, 1), 0, 0).Finish(default);
        a.Network.Send(new MemberId(9), frame);
        Assert.Equal(1, a.Network.Counters.Dropped);
    }

    private static async Task<Socket> ConnectAsync(Node node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(node.Network.Address);
        return socket;
    }

    private sealed class Node : IPeerHandler, IAsyncDisposable
    {
        private readonly Channel<(Origin, IncomingMessage)> _received = Channel.CreateUnbounded<(Origin, IncomingMessage)>();
        private readonly Channel<MemberId> _lost = Channel.CreateUnbounded<MemberId>();
        private readonly Channel<(MemberId, HelloVerdict)> _refused = Channel.CreateUnbounded<(MemberId, HelloVerdict)>();
        private readonly MemberId _id;

        public Node(ulong id, IPEndPoint? listen = null, ulong cluster = 7)
        {
            _id = new MemberId(id);
            Network = new PeerNetwork(
                new PeerNetworkOptions { Cluster = cluster, Self = _id, Group = default, Listen = listen ?? new(IPAddress.Loopback, 0),
                    BodyBytesMax = Samples.BodyBytesMax },
                this);
            Network.Listen();
        }

        public PeerNetwork Network { get; }

        public HelloVerdict Verdict { get; init; }

        public void Reach(Node other) => Network.Reach(new Dictionary<MemberId, IPEndPoint> { [other._id] = other.Network.Address });

        public void Send(Node to, ulong number) => Network.Send(
            to._id,
            MessageEncoder.Begin(
                Samples.Message(MessageKind.Heartbeat, 1) with { To = to._id, Commit = new LogIndex(number) }, 0, 0).Finish(default));

        public async Task WaitUntilUpAsync(Node other)
        {
            using var limit = new CancellationTokenSource(Long);
            while (!Network.IsUp(other._id)) await Task.Delay(5, limit.Token);
        }

        public async Task<(Origin From, IncomingMessage Message)> NextAsync() =>
            await _received.Reader.ReadAsync().AsTask().WaitAsync(Long);

        public async Task<MemberId> LostAsync() => await _lost.Reader.ReadAsync().AsTask().WaitAsync(Long);

        public async Task<(MemberId, HelloVerdict)> RefusedAsync() => await _refused.Reader.ReadAsync().AsTask().WaitAsync(Long);

        public Hello Greet() => new(new Origin(default, _id, new Incarnation(_id.Value), new Boot(1), 1), default, default);

        public HelloVerdict Judge(in PeerHello hello) => Verdict;

        public void Receive(in Origin origin, IncomingMessage message) => _received.Writer.TryWrite((origin, message));

        public void Lose(MemberId peer) => _lost.Writer.TryWrite(peer);

        public void BeRefused(MemberId by, HelloVerdict verdict) => _refused.Writer.TryWrite((by, verdict));

        public void Note(string line)
        {
        }

        public ValueTask DisposeAsync() => Network.DisposeAsync();
    }
}
