using System.Net;
using System.Net.Sockets;

namespace Balsa.System.Tests.BadInput;

/// <summary>Ten thousand connections that say nothing, and bytes that mean nothing, against one node.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Crowd = 10_000;
    private readonly Cli _cli = new();
    private readonly List<Socket> _open = [];
    private DevRun? _dev;

    public async ValueTask InitializeAsync() => _dev = await DevRun.StartAsync(_cli, "--nodes", "1");

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(socket => socket.Dispose());
        if (_dev is not null) await _dev.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Ten_thousand_connections_on_the_client_port_keep_nobody_out() =>
        await AssertServesAsync(IPEndPoint.Parse(_dev!.Endpoints));

    [Fact]
    public async Task Ten_thousand_connections_on_the_peer_port_keep_nobody_out() => await AssertServesAsync(await PeerAsync());

    [Fact]
    public async Task Garbage_on_the_peer_port_is_closed()
    {
        var (peer, random) = (await PeerAsync(), new Random(7));
        byte[][] messages =
        [
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0x16, 3, 1, 2, 0], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(),
            // The first bytes of a member, then a head that claims four gigabytes.
            [.. "BALSA\0p1"u8, .. Enumerable.Repeat((byte)0xff, 64)],
            .. Enumerable.Range(0, 50).Select(_ => Noise(random)),
        ];
        foreach (var message in messages)
        {
            var socket = await CallAsync(peer);
            await socket.SendAsync(message);
            // Random bytes may be taken for a beginning: then the time for it runs out.
            Assert.True(await EndsAsync(socket));
        }

        await _cli.DoAsync("put", "after", "garbage");
    }

    private async Task AssertServesAsync(IPEndPoint port)
    {
        await _dev!.WaitUntilHealthyAsync();
        for (var i = 0; i < Crowd; i++) await CallAsync(port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_open.Count(IsClosed) < Crowd * 8 / 10) await Task.Delay(100, limit.Token);

        await _cli.DoAsync("put", "in", "the crowd");
        Assert.Contains("the crowd", (await _cli.DoAsync("get", "in")).Out, StringComparison.Ordinal);
        await _dev.WaitUntilHealthyAsync();
    }

    private async Task<IPEndPoint> PeerAsync() =>
        IPEndPoint.Parse((await _dev!.WaitUntilHealthyAsync()).GetProperty("members")[0].GetProperty("peer").GetString()!);

    private async Task<Socket> CallAsync(IPEndPoint port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _open.Add(socket);
        await socket.ConnectAsync(port);
        return socket;
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(1, 4000)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task<bool> EndsAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // An answer that says no is an answer, too.
            }

            return true;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
