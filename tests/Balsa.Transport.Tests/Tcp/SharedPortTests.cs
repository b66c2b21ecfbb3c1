using System.Net;
using System.Net.Sockets;
using System.Text;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp;

namespace Balsa.Transport.Tests.Tcp;

public sealed class SharedPortTests
{
    /// <summary>A small server of two protocols: it looks at the first byte without taking it.</summary>
    [Fact]
    public async Task One_port_serves_members_and_others()
    {
        await using var a = new TestNode(1);
        await using var b = new TestNode(2, listens: false);
        using var port = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        port.Listen();
        var serving = Task.Run(async () =>
        {
            for (var calls = 0; calls < 2; calls++)
            {
                var accepted = await port.AcceptAsync();
                var first = new byte[1];
                var looked = await accepted.ReceiveAsync(first, SocketFlags.Peek);
                if (PeerPreamble.Matches(first.AsSpan(0, looked)))
                {
                    b.Network.Serve(accepted);
                    continue;
                }

                await accepted.SendAsync("other"u8.ToArray());
                accepted.Dispose();
            }
        });
        using var browser = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await browser.ConnectAsync(port.LocalEndPoint!);
        await browser.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        var answer = new byte[5];
        Assert.Equal(5, await browser.ReceiveAsync(answer).WaitAsync(TestNode.Long));
        Assert.Equal("other", Encoding.ASCII.GetString(answer));

        a.Reach(new MemberId(2), port.LocalEndPoint!);
        await a.WaitUntilUpAsync(new MemberId(2));
        a.Send(new MemberId(2), 3);
        Assert.Equal(3UL, (await b.NextMessageAsync()).Message.Message.Commit.Value);
        await serving.WaitAsync(TestNode.Long);
    }

    [Fact]
    public async Task A_connection_that_comes_when_the_network_has_ended_is_closed()
    {
        var b = new TestNode(2);
        using var client = await b.ConnectAsync();
        await b.DisposeAsync();
        using var late = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        b.Network.Serve(late);
        Assert.Throws<ObjectDisposedException>(() => late.Available);
    }

    [Fact]
    public void One_byte_tells_members_from_others()
    {
        for (var length = 1; length <= 8; length++) Assert.True(PeerPreamble.Matches(HelloCodec.Preamble[..length]));
        Assert.True(PeerPreamble.Matches((byte[])[.. HelloCodec.Preamble, 1, 2]));
        foreach (var other in new[] { "GET ", "POST", "PRI * HTTP/2.0", "\u0016\u0003\u0001", "BALSAM", "b", "" })
            Assert.False(PeerPreamble.Matches(Encoding.Latin1.GetBytes(other)));
    }
}
