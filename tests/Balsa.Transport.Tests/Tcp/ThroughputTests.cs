using System.Diagnostics;
using System.Net;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

/// <summary>Frames and bytes a second over loopback, both ends in this process. Started by hand: `-explicit only`.</summary>
public sealed class ThroughputTests(ITestOutputHelper output)
{
    [Theory(Explicit = true)]
    [InlineData(0, 1_000_000)]
    [InlineData(256, 500_000)]
    [InlineData(60_000, 20_000)]
    public async Task Frames_over_loopback(int payload, int frames)
    {
        var counter = new Counter(2);
        await using var receiver = NewNetwork(2, counter);
        await using var sender = NewNetwork(1, new Counter(1));
        receiver.Listen();
        sender.Reach(new Dictionary<MemberId, IReadOnlyList<EndPoint>> { [new MemberId(2)] = [receiver.Address] });
        while (!sender.IsUp(new MemberId(2))) await Task.Delay(5);
        Run(sender, counter, payload, frames / 10);
        var began = Stopwatch.GetTimestamp();
        Run(sender, counter, payload, frames);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        output.WriteLine($"{payload} B: {frames / seconds:N0} frames/s, {(double)frames * payload / seconds / 1e6:N0} MB/s");
        Assert.Equal(0, sender.Counters.Dropped);
    }

    private static void Run(PeerNetwork sender, Counter counter, int payload, int frames)
    {
        var bytes = new byte[payload];
        var message = Samples.Message(payload == 0 ? MessageKind.Heartbeat : MessageKind.Append, 1);
        var entry = Samples.Entry(message, 0, EntryKind.Data, bytes);
        var window = Math.Min(512, 8_000_000 / (payload + 100));
        var done = counter.Seen;
        for (var i = 0; i < frames; i++)
        {
            while (i - (counter.Seen - done) >= window) Thread.Yield();
            var encoder = MessageEncoder.Begin(message, payload == 0 ? 0 : 1, payload);
            if (payload > 0) encoder.Add(entry, bytes);
            sender.Send(new MemberId(2), encoder.Finish(default));
        }

        while (counter.Seen - done < frames) Thread.Yield();
    }

    private static PeerNetwork NewNetwork(ulong id, IPeerHandler handler) => new(
        new PeerNetworkOptions
        {
            Cluster = 7, Self = new MemberId(id), Group = default, Listen = new IPEndPoint(IPAddress.Loopback, 0),
            BodyBytesMax = Samples.BodyBytesMax,
        },
        handler);

    private sealed class Counter(ulong id) : IPeerHandler
    {
        private long _seen;

        public long Seen => Interlocked.Read(ref _seen);

        public Hello Greet() => new(
            new Origin(default, new MemberId(id), new Incarnation(id), new Boot(1), 1), default, default);

        public HelloVerdict Judge(in PeerHello hello) => HelloVerdict.Welcome;

        public void Receive(in Origin origin, IncomingMessage message) => Interlocked.Increment(ref _seen);

        public void Receive(in Origin origin, Parcel parcel) => Interlocked.Increment(ref _seen);

        public ValueTask<FoundingAnswer?> AnswerAsync(Parcel asked, CancellationToken stop) => new((FoundingAnswer?)null);

        public void Lose(MemberId peer)
        {
        }

        public void BeRefused(MemberId by, HelloVerdict verdict)
        {
        }

        public void Note(string line)
        {
        }
    }
}
