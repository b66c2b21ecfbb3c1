using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Codec.Parcels.Snapshots;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class BulkTests
{
    private const int PieceBytes = 64 * 1024;

    private static readonly MemberId B = new(2);

    private static SnapshotPiece Piece(int number) => new(
        new EntryId(new Term(1), new LogIndex(2)), new LogIndex(3), long.MaxValue, (long)number * PieceBytes, false, new byte[PieceBytes]);

    [Fact]
    public async Task The_link_is_dialled_when_there_is_something_to_send()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2);
        await a.MeetAsync(b);
        Assert.Equal(1, b.Network.Connections);
        Assert.True(await a.Network.SendBulkAsync(B, Piece(7), default));
        var (from, parcel) = await b.NextParcelAsync();
        Assert.Equal((new MemberId(1), 7L * PieceBytes), (from.Member, ((SnapshotPiece)parcel).Offset));
        Assert.Equal(2, b.Network.Connections);
    }

    [Fact]
    public async Task It_is_closed_after_a_while_without_work_and_dialled_again()
    {
        var quick = TimeSpan.FromMilliseconds(20);
        await using var a = new TestNode(1, options => options with { PingInterval = quick, BulkIdle = quick });
        await using var b = new TestNode(2);
        await a.MeetAsync(b);
        using var limit = new CancellationTokenSource(TestNode.Long);
        for (var round = 0; round < 3; round++)
        {
            Assert.True(await a.Network.SendBulkAsync(B, Piece(round), default));
            Assert.Equal((long)round * PieceBytes, ((SnapshotPiece)(await b.NextParcelAsync()).Parcel).Offset);
            while (b.Network.Connections != 1) await Task.Delay(5, limit.Token);
        }

        Assert.True(a.Network.IsUp(B));
        Assert.Equal((0, 0), (a.Counters.Silent, b.Counters.Silent));
    }

    [Fact]
    public async Task Work_that_comes_while_the_link_closes_is_not_lost()
    {
        var quick = TimeSpan.FromMilliseconds(1);
        await using var a = new TestNode(1, options => options with { PingInterval = quick, BulkIdle = quick, DeadAfter = TestNode.Long });
        await using var b = new TestNode(2);
        await a.MeetAsync(b);
        var random = new Random(1);
        for (var number = 0; number < 300; number++)
        {
            // As long as the link lives without work, more or less: that is what is tried here.
            if (number % 3 == 0) await Task.Delay(random.Next(4));
            Assert.True(await a.Network.SendBulkAsync(B, Piece(number), default));
            Assert.Equal((long)number * PieceBytes, ((SnapshotPiece)(await b.NextParcelAsync()).Parcel).Offset);
        }
    }

    /// <summary>More than a kernel takes for a process that does not read, so the rest is still with the sender.</summary>
    [Fact]
    public async Task What_was_sent_before_the_link_closes_arrives_at_a_slow_reader()
    {
        var quick = TimeSpan.FromMilliseconds(10);
        await using var a = new TestNode(1, options => options with { PingInterval = quick, BulkIdle = quick, DeadAfter = TestNode.Long });
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.ReceiveBufferSize = 4096;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        a.Reach(B, listener.LocalEndPoint!);
        var sending = a.Network.SendBulkAsync(B, Piece(0) with { Bytes = new byte[200_000] }, default).AsTask();
        using var bulk = await AcceptBulkAsync(listener);
        Assert.True(await sending.WaitAsync(TestNode.Long));
        // Time for the link to find that it has no more work: with less this test proves less, but holds.
        await Task.Delay(200);
        // A late pong meets a link that is half closed. One that is closed would answer it with a reset.
        await bulk.SendAsync(KeepAliveCodec.Write(FrameKind.Pong, default));
        var received = 0;
        int read;
        while ((read = await bulk.ReceiveAsync(new byte[64 * 1024]).WaitAsync(TestNode.Long)) > 0) received += read;
        Assert.True(received > 200_000, $"only {received} bytes arrived.");
    }

    private static async Task<Socket> AcceptBulkAsync(Socket listener)
    {
        while (true)
        {
            var call = await listener.AcceptAsync().WaitAsync(TestNode.Long);
            var greeting = new byte[8 + FrameHeader.Bytes + 72];
            for (var at = 0; at < greeting.Length;) at += await call.ReceiveAsync(greeting.AsMemory(at));
            if (greeting[8 + FrameHeader.Bytes + 64] != (byte)LinkPurpose.Bulk) continue;
            await call.SendAsync(HelloCodec.WriteAnswer(HelloVerdict.Welcome, B, default));
            return call;
        }
    }

    /// <summary>A peer that has stopped to read the bulk link: the sender waits, and heartbeats go on.</summary>
    [Fact]
    public async Task Who_sends_waits_for_room_and_heartbeats_do_not_wait()
    {
        await using var a = new TestNode(1, options => options with { BulkFramesMax = 4, DeadAfter = TestNode.Long });
        await using var b = new TestNode(2, options => options with { DeadAfter = TestNode.Long });
        await using var jam = new Jam(b.Network.Address, isJammed: hello => hello == LinkPurpose.Bulk);
        a.Reach(B, jam.Address);
        await a.WaitUntilUpAsync(B);
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var sending = Task.Run(async () =>
        {
            while (await a.Network.SendBulkAsync(B, Piece(sent), stop.Token)) Interlocked.Increment(ref sent);
        });
        using var limit = new CancellationTokenSource(TestNode.Long);
        var before = -1;
        while (Volatile.Read(ref sent) != before || before < 4)
        {
            before = Volatile.Read(ref sent);
            await Task.Delay(200, limit.Token);
        }

        Assert.False(sending.IsCompleted);
        Assert.True(before < 1000, $"{before} pieces of 64 KiB found room, so somebody keeps them.");
        for (ulong number = 0; number < 100; number++)
        {
            a.Send(B, number);
            Assert.Equal(number, (await b.NextMessageAsync()).Message.Message.Commit.Value);
        }

        Assert.Equal(0, a.Counters.Dropped);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task When_the_peer_cannot_be_reached_or_goes_the_sender_is_told()
    {
        await using var a = new TestNode(1, options => options with { BulkFramesMax = 1 });
        var b = new TestNode(2);
        a.Reach(b);
        Assert.True(await a.Network.SendBulkAsync(B, Piece(0), default));
        await b.NextParcelAsync();
        await b.DisposeAsync();
        using var limit = new CancellationTokenSource(TestNode.Long);
        while (await a.Network.SendBulkAsync(B, Piece(1), limit.Token))
        {
        }

        Assert.False(await a.Network.SendBulkAsync(new MemberId(9), Piece(1), default));
        a.Network.Reach(new Dictionary<MemberId, IReadOnlyList<EndPoint>>());
        Assert.False(await a.Network.SendBulkAsync(B, Piece(1), default));
    }

    /// <summary>A megabyte a second, and half of one to send: less than a third of that time would be wrong on any machine.</summary>
    [Fact]
    public async Task Bulk_data_keeps_to_its_rate_and_pings_go_on()
    {
        var quick = TimeSpan.FromMilliseconds(20);
        await using var a = new TestNode(
            1, options => options with { BulkBytesPerSecond = 1_000_000, PingInterval = quick });
        await using var b = new TestNode(2, options => options with { PingInterval = quick, DeadAfter = 20 * quick });
        await a.MeetAsync(b);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var whole = new SnapshotPiece(new EntryId(new Term(1), new LogIndex(2)), default, 1 << 20, 0, true, new byte[500_000]);
        Assert.True(await a.Network.SendBulkAsync(B, whole, default));
        Assert.True(await a.Network.SendBulkAsync(B, ParcelSamples.OfKind(ParcelKind.SnapshotOpen), default));
        Assert.Equal(500_000, ((SnapshotPiece)(await b.NextParcelAsync()).Parcel).Bytes.Length);
        await b.NextParcelAsync();
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(390));
        Assert.Equal((0, 0), (a.Counters.Silent, b.Counters.Silent));
    }
}
