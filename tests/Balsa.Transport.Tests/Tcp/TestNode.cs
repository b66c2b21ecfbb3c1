using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

/// <summary>A member without a replica: it keeps what it is told until a test asks.</summary>
internal sealed class TestNode : IPeerHandler, IAsyncDisposable
{
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private readonly Channel<(Origin From, IncomingMessage Message)> _messages = Channel.CreateUnbounded<(Origin, IncomingMessage)>();
    private readonly Channel<(Origin From, Parcel Parcel)> _parcels = Channel.CreateUnbounded<(Origin, Parcel)>();
    private readonly Channel<MemberId> _lost = Channel.CreateUnbounded<MemberId>();
    private readonly Channel<(MemberId, HelloVerdict)> _refused = Channel.CreateUnbounded<(MemberId, HelloVerdict)>();

    public TestNode(ulong id, Func<PeerNetworkOptions, PeerNetworkOptions>? change = null, bool listens = true)
    {
        Id = new MemberId(id);
        var options = new PeerNetworkOptions
        {
            Cluster = 7, Self = Id, Group = default, Listen = new(IPAddress.Loopback, 0), BodyBytesMax = Samples.BodyBytesMax,
        };
        Network = new PeerNetwork(change?.Invoke(options) ?? options, this);
        if (listens) Network.Listen();
    }

    public MemberId Id { get; }

    public PeerNetwork Network { get; }

    public NetworkCounters Counters => Network.Counters;

    public HelloVerdict Verdict { get; init; }

    public Func<Parcel, CancellationToken, ValueTask<FoundingAnswer?>> Answer { get; init; } = (_, _) => new((FoundingAnswer?)null);

    public void Reach(TestNode other) => Reach(other.Id, other.Network.Address);

    public void Reach(MemberId peer, params EndPoint[] addresses) =>
        Network.Reach(new Dictionary<MemberId, IReadOnlyList<EndPoint>> { [peer] = addresses });

    public void Send(MemberId to, ulong number) => Network.Send(
        to,
        MessageEncoder.Begin(
            Samples.Message(MessageKind.Heartbeat, 1) with { To = to, Commit = new LogIndex(number) }, 0, 0).Finish(default));

    public async Task WaitUntilUpAsync(MemberId peer)
    {
        using var limit = new CancellationTokenSource(Long);
        while (!Network.IsUp(peer)) await Task.Delay(5, limit.Token);
    }

    /// <summary>One message gets through, so the way is open and both ends know each other.</summary>
    public async Task MeetAsync(TestNode other)
    {
        Reach(other);
        await WaitUntilUpAsync(other.Id);
        Send(other.Id, 99);
        Assert.Equal(99UL, (await other.NextMessageAsync()).Message.Message.Commit.Value);
    }

    public async Task<(Origin From, IncomingMessage Message)> NextMessageAsync() =>
        await _messages.Reader.ReadAsync().AsTask().WaitAsync(Long);

    public async Task<(Origin From, Parcel Parcel)> NextParcelAsync() => await _parcels.Reader.ReadAsync().AsTask().WaitAsync(Long);

    public async Task<MemberId> LostAsync() => await _lost.Reader.ReadAsync().AsTask().WaitAsync(Long);

    public async Task<(MemberId By, HelloVerdict Verdict)> RefusedAsync() => await _refused.Reader.ReadAsync().AsTask().WaitAsync(Long);

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Network.Address);
        return socket;
    }

    /// <summary>Reads until the other side has closed, one way or the other.</summary>
    public static async Task WaitForEndAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Long);
        try
        {
            while (await socket.ReceiveAsync(new byte[1000], limit.Token) > 0)
            {
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed in the middle of reading.
        }
    }

    public Hello Greet() => new(new Origin(default, Id, new Incarnation(Id.Value), new Boot(1), 1), default, default);

    public HelloVerdict Judge(in PeerHello hello) => Verdict;

    public void Receive(in Origin origin, IncomingMessage message) => _messages.Writer.TryWrite((origin, message));

    public void Receive(in Origin origin, Parcel parcel) => _parcels.Writer.TryWrite((origin, parcel));

    public ValueTask<FoundingAnswer?> AnswerAsync(Parcel asked, CancellationToken stop) => Answer(asked, stop);

    public void Lose(MemberId peer) => _lost.Writer.TryWrite(peer);

    public void BeRefused(MemberId by, HelloVerdict verdict) => _refused.Writer.TryWrite((by, verdict));

    public void Note(string line)
    {
    }

    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
