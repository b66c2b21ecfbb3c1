using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp.Streams;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

/// <summary>What stands between the members and the socket can be another stream, as TLS will be.</summary>
public sealed class StreamTests
{
    private static readonly MemberId B = new(2);

    [Fact]
    public async Task Everything_works_through_another_stream()
    {
        var answer = (FoundingAnswer)ParcelSamples.OfKind(ParcelKind.FoundingAnswer);
        await using var a = new TestNode(1, options => options with { Streams = new XorStreams() });
        await using var b = new TestNode(2, options => options with { Streams = new XorStreams() }) { Answer = (_, _) => new(answer) };
        await a.MeetAsync(b);
        var piece = (Balsa.Transport.Codec.Parcels.Snapshots.SnapshotPiece)ParcelSamples.OfKind(ParcelKind.SnapshotPiece);
        Assert.True(await a.Network.SendBulkAsync(B, piece with { FileBytes = 1 << 20, Bytes = new byte[500_000] }, default));
        Assert.Equal(ParcelKind.SnapshotPiece, (await b.NextParcelAsync()).Parcel.Kind);
        var asked = await a.Network.AskAsync([b.Network.Address], 1, ParcelSamples.OfKind(ParcelKind.FoundingAsk), default);
        Assert.Equal(answer, asked.Answer);
        await b.DisposeAsync();
        Assert.Equal(B, await a.LostAsync());
    }

    [Fact]
    public async Task Who_uses_another_stream_is_not_understood()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2, options => options with { Streams = new XorStreams() });
        a.Reach(b);
        using var limit = new CancellationTokenSource(TestNode.Long);
        while (b.Counters.Refused(FrameError.NotAPeer) == 0) await Task.Delay(5, limit.Token);
        Assert.False(a.Network.IsUp(B));
    }

    [Fact]
    public async Task A_stream_that_cannot_be_agreed_on_ends_the_call_and_nothing_else()
    {
        var wary = new XorStreams { Refusals = 3 };
        await using var a = new TestNode(1, options => options with { Streams = wary });
        await using var b = new TestNode(2, options => options with { Streams = wary });
        await a.MeetAsync(b);
        Assert.True(wary.Refusals <= 0);
    }

    private sealed class XorStreams : IPeerStreams
    {
        private int _refusals;

        public int Refusals
        {
            get => _refusals;
            init => _refusals = value;
        }

        public ValueTask<Stream> AcceptAsync(Socket accepted, CancellationToken stop) => Wrap(accepted);

        public ValueTask<Stream> ConnectAsync(Socket connected, EndPoint target, CancellationToken stop) => Wrap(connected);

        private ValueTask<Stream> Wrap(Socket socket) => Interlocked.Decrement(ref _refusals) >= 0
            ? throw new AuthenticationException("The other side could not prove who it is.")
            : new ValueTask<Stream>(new XorStream(new NetworkStream(socket)));
    }

    private sealed class XorStream(NetworkStream inner) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Turn(buffer.Span[..read]);
            return read;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var turned = buffer.ToArray();
            Turn(turned);
            await inner.WriteAsync(turned, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private static void Turn(Span<byte> bytes)
        {
            foreach (ref var one in bytes) one ^= 0x5A;
        }
    }
}
