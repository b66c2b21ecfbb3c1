using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class StrangerTests
{
    private static readonly MemberId B = new(2);

    [Fact]
    public async Task Hundreds_of_idle_strangers_keep_no_member_out()
    {
        await using var a = new TestNode(1);
        await using var c = new TestNode(3);
        await using var b = new TestNode(2, options => options with { StrangersMax = 16, HelloTimeout = TimeSpan.FromMinutes(10) });
        await a.MeetAsync(b);
        var strangers = new List<Socket>();
        for (var i = 0; i < 400; i++) strangers.Add(await b.ConnectAsync());
        using var limit = new CancellationTokenSource(TestNode.Long);
        while (b.Counters.Evicted < 400 - 16) await Task.Delay(5, limit.Token);
        Assert.Equal(16, b.Network.Strangers);

        await c.MeetAsync(b);
        a.Send(B, 5);
        Assert.Equal(5UL, (await b.NextMessageAsync()).Message.Message.Commit.Value);
        Assert.Equal(2, b.Network.Connections);
        foreach (var stranger in strangers) stranger.Dispose();
    }

    [Fact]
    public async Task A_member_gets_through_while_strangers_keep_calling()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2, options => options with { StrangersMax = 16, HelloTimeout = TimeSpan.FromMinutes(10) });
        using var stop = new CancellationTokenSource();
        var flood = Task.Run(async () =>
        {
            var open = new Queue<Socket>();
            while (!stop.IsCancellationRequested)
            {
                open.Enqueue(await b.ConnectAsync());
                if (open.Count > 200) open.Dequeue().Dispose();
            }

            foreach (var stranger in open) stranger.Dispose();
        });
        using var limit = new CancellationTokenSource(TestNode.Long);
        while (b.Counters.Evicted < 100) await Task.Delay(5, limit.Token);
        await a.MeetAsync(b);
        await stop.CancelAsync();
        await flood;
        Assert.True(b.Network.Strangers <= 16);
    }

    [Fact]
    public async Task A_stranger_has_a_limited_time_and_then_its_place_is_free()
    {
        await using var b = new TestNode(2, options => options with { HelloTimeout = TimeSpan.FromMilliseconds(100) });
        using var stranger = await b.ConnectAsync();
        await TestNode.WaitForEndAsync(stranger);
        using var limit = new CancellationTokenSource(TestNode.Long);
        while (b.Network.Strangers > 0) await Task.Delay(5, limit.Token);
        Assert.Equal(0, b.Counters.Evicted);
    }

    [Fact]
    public async Task A_member_that_calls_again_gives_its_earlier_call_up_and_there_is_no_place_for_too_many()
    {
        await using var b = new TestNode(2, options => options with { ConnectionsMax = 1 });
        using var first = await PeerNetworkTests.SayHelloAsync(b, LinkPurpose.Consensus);
        using var second = await PeerNetworkTests.SayHelloAsync(b, LinkPurpose.Consensus);
        await TestNode.WaitForEndAsync(first);
        using var bulk = await b.ConnectAsync();
        await bulk.SendAsync(PeerNetworkTests.HelloTo(b, LinkPurpose.Bulk));
        await TestNode.WaitForEndAsync(bulk);
        Assert.Equal(1, b.Network.Connections);
    }
}
