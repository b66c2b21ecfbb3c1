using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Tests.Codec;

namespace Balsa.Transport.Tests.Tcp;

public sealed class AddressTests
{
    private static readonly MemberId B = new(2);

    [Fact]
    public async Task A_member_is_found_at_a_later_one_of_its_addresses()
    {
        await using var a = new TestNode(1);
        await using var other = new TestNode(3);
        await using var b = new TestNode(2);
        var (dead, unknown) = (new IPEndPoint(IPAddress.Loopback, 1), new DnsEndPoint("no-such-host.invalid", 1));
        a.Reach(B, dead, unknown, other.Network.Address, b.Network.Address);
        await a.WaitUntilUpAsync(B);
        Assert.Equal((B, HelloVerdict.WrongMember), await a.RefusedAsync());
        Assert.True(await a.Network.SendBulkAsync(B, ParcelSamples.OfKind(ParcelKind.SnapshotOpen), default));
        await b.NextParcelAsync();
    }

    [Fact]
    public async Task A_host_name_is_looked_up_and_all_that_it_stands_for_is_tried()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2);
        a.Reach(B, new DnsEndPoint("localhost", b.Network.Address.Port));
        await a.WaitUntilUpAsync(B);
    }

    [Fact]
    public async Task Addresses_of_both_families_work()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6, so its addresses cannot be tried.");
        await using var a = new TestNode(1);
        await using (var six = new TestNode(2, options => options with { Listen = new(IPAddress.IPv6Loopback, 0) })) await a.MeetAsync(six);
        await using var any = new TestNode(2, options => options with { Listen = new(IPAddress.IPv6Any, 0) });
        a.Reach(B, new IPEndPoint(IPAddress.Loopback, any.Network.Address.Port));
        await a.WaitUntilUpAsync(B);
    }

    [Fact]
    public async Task Every_call_comes_from_the_port_that_was_fixed_for_it()
    {
        var source = FreePort();
        using var listener = Bound(0);
        listener.Listen();
        using var squatter = Bound(source.Port);
        squatter.Listen();
        await using var a = new TestNode(
            1, options => options with { SourceOf = (_, _, _) => source, BackoffMax = TimeSpan.FromMilliseconds(50) });
        a.Reach(B, listener.LocalEndPoint!);
        var first = listener.AcceptAsync();
        // Time for some dials that must fail, and must not come from another port instead.
        await Task.WhenAny(first, Task.Delay(300));
        Assert.False(first.IsCompleted);
        squatter.Dispose();
        for (var round = 0; round < 5; round++)
        {
            using var call = await (round == 0 ? first : listener.AcceptAsync()).WaitAsync(TestNode.Long);
            Assert.Equal(source, call.RemoteEndPoint);
            if (round % 2 == 0) continue;
            await call.SendAsync(HelloCodec.WriteAnswer(HelloVerdict.Welcome, B, default));
            await a.WaitUntilUpAsync(B);
        }
    }

    [Fact]
    public async Task Both_links_have_the_same_port_at_two_addresses_of_the_caller()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has all of 127.0.0.0/8 on its loopback.");
        var source = FreePort();
        var sourceOfBulk = new IPEndPoint(IPAddress.Parse("127.0.0.2"), source.Port);
        await using var b = new TestNode(2);
        for (var round = 0; round < 3; round++)
        {
            await using var a = new TestNode(
                1, options => options with { SourceOf = (_, link, _) => link == LinkPurpose.Bulk ? sourceOfBulk : source });
            await a.MeetAsync(b);
            Assert.True(await a.Network.SendBulkAsync(B, ParcelSamples.OfKind(ParcelKind.SnapshotOpen), default));
            await b.NextParcelAsync();
        }
    }

    [Fact]
    public async Task One_fixed_port_will_do_for_several_members()
    {
        var source = FreePort();
        await using var a = new TestNode(1, options => options with { SourceOf = (_, _, _) => source });
        await using var b = new TestNode(2);
        await using var c = new TestNode(3);
        a.Network.Reach(new Dictionary<MemberId, IReadOnlyList<EndPoint>> { [B] = [b.Network.Address], [c.Id] = [c.Network.Address] });
        await a.WaitUntilUpAsync(B);
        await a.WaitUntilUpAsync(c.Id);
    }

    /// <summary>A connection that ends otherwise keeps its port for a minute, to one target, and the next dial fails.</summary>
    [Fact]
    public async Task A_call_from_a_fixed_port_ends_with_a_reset()
    {
        var source = FreePort();
        using var listener = Bound(0);
        listener.Listen();
        await using var a = new TestNode(
            1, options => options with { SourceOf = (_, _, _) => source, HelloTimeout = TimeSpan.FromMilliseconds(50) });
        a.Reach(B, listener.LocalEndPoint!);
        using var call = await listener.AcceptAsync().WaitAsync(TestNode.Long);
        var ended = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await call.ReceiveAsync(new byte[1000]).WaitAsync(TestNode.Long) > 0)
            {
            }
        });
        Assert.Equal(SocketError.ConnectionReset, ended.SocketErrorCode);
    }

    private static IPEndPoint FreePort()
    {
        using var socket = Bound(0);
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
