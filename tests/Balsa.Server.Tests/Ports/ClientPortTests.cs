using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Balsa.Server.Clients;
using Balsa.Server.Ports;
using Balsa.Server.Protocol;
using Microsoft.AspNetCore.Http;

namespace Balsa.Server.Tests.Ports;

/// <summary>The client port with small limits, over real sockets.</summary>
public sealed class ClientPortTests : IAsyncLifetime
{
    private const int ConnectionsMax = 8, UndecidedMax = 3;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly PortCounters _counters = new();
    private readonly List<string> _notes = [];
    private readonly PortLimits _limits = new()
    {
        ConnectionsMax = ConnectionsMax, UndecidedMax = UndecidedMax, FirstBytesMax = TimeSpan.FromMilliseconds(500),
        LastAnswers = TimeSpan.FromMilliseconds(200),
    };

    private ClientPort _port = null!;

    public ValueTask InitializeAsync()
    {
        var frames = new FrameServer(
            request => Task.FromResult(new ClientResponse { Outcome = ClientOutcome.Done, Message = request.Op }), _limits.IdleMax,
            _limits.LastAnswers);
        _port = new ClientPort(
            new IPEndPoint(IPAddress.Loopback, 0), _limits, _counters,
            http => http.Response.WriteAsync($"it was {http.Request.Protocol}"), frames, _notes.Add);
        _port.Start();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _port.DisposeAsync();

    [Fact]
    public async Task Three_protocols_are_served_on_one_port()
    {
        Assert.Equal("it was HTTP/1.1", await GetAsync(HttpVersion.Version11));
        Assert.Equal("it was HTTP/2", await GetAsync(HttpVersion.Version20));
        using var socket = await ConnectAsync();
        Assert.Equal("status", await AskByFrameAsync(socket, "status"));
        Assert.Equal("list", await AskByFrameAsync(socket, "list"));
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one()
    {
        using var socket = await ConnectAsync();
        foreach (var one in "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"u8.ToArray())
            await socket.SendAsync((byte[])[one], SocketFlags.None);
        Assert.EndsWith("it was HTTP/1.1\r\n0\r\n\r\n", await ReadToEndAsync(socket), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9\r\n", PortRefusal.Nothing)]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001", PortRefusal.Tls)]
    [InlineData("GE", PortRefusal.Silent)]
    [InlineData("", PortRefusal.Silent)]
    public async Task What_is_not_served_is_closed_and_counted(string bytes, object reason)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
        Assert.Equal("", await ReadToEndAsync(socket));
        Assert.Equal(1, _counters.Refused((PortRefusal)reason));
        await WaitUntilAsync(() => _counters.OpenNow == 0);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nno header\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("POST \u0001\u0002\u0003\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nand then no frame at all", "\0\0")]
    public async Task What_begins_as_HTTP_and_breaks_its_rules_is_closed_and_counted(string bytes, string answer)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.Latin1.GetBytes(bytes));
        Assert.StartsWith(answer, await ReadToEndAsync(socket), StringComparison.Ordinal);
        Assert.Equal(1, _counters.Refused(PortRefusal.RulesBroken));
        await WaitUntilAsync(() => _counters.OpenNow == 0);
        Assert.Equal("it was HTTP/1.1", await GetAsync(HttpVersion.Version11));
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("large", new string('x', _limits.HeaderBytesMax));
        using var refused = await http.GetAsync(Address);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, refused.StatusCode);
        Assert.Equal(1, _counters.Refused(PortRefusal.RulesBroken));
    }

    [Fact]
    public async Task Who_goes_before_saying_anything_is_nobody_that_was_refused()
    {
        (await ConnectAsync()).Close();
        (await ConnectAsync()).Close(0);
        await WaitUntilAsync(() => _counters.Accepted == 2 && _counters.OpenNow == 0);
        Assert.All(Enum.GetValues<PortRefusal>(), reason => Assert.Equal(0, _counters.Refused(reason)));
    }

    [Fact]
    public async Task Beyond_the_limit_connections_are_refused_until_others_end()
    {
        var open = new List<Socket>();
        for (var i = 0; i < ConnectionsMax; i++)
        {
            var socket = await ConnectAsync();
            Assert.Equal("x", await AskByFrameAsync(socket, "x"));
            open.Add(socket);
        }

        for (var i = 0; i < 5; i++) Assert.Equal("", await ConnectAndReadAsync());

        Assert.Equal((5, ConnectionsMax), (_counters.Refused(PortRefusal.Full), _counters.OpenNow));
        Assert.Equal("still", await AskByFrameAsync(open[0], "still"));
        open.ForEach(socket => socket.Dispose());
        await WaitUntilAsync(() => _counters.OpenNow == 0);
        Assert.Equal("it was HTTP/1.1", await GetAsync(HttpVersion.Version11));
    }

    /// <summary>Far more than the port has room for, and it is asked in between as if nobody else were there.</summary>
    [Fact]
    public async Task Who_only_opens_connections_keeps_nobody_out()
    {
        var (silent, came) = (new List<Socket>(), 0);
        for (var i = 0; i < 10 * ConnectionsMax; i++)
        {
            silent.Add(await ConnectAsync());
            came++;
            // The system takes connections before we do; those that we took and closed again are gone only a little later.
            await WaitUntilAsync(() => _counters.Accepted == came && _counters.OpenNow <= UndecidedMax);
            if (i % ConnectionsMax != 0) continue;
            Assert.Equal("it was HTTP/1.1", await GetAsync(HttpVersion.Version11));
            came++;
        }

        await WaitUntilAsync(() => _counters.Refused(PortRefusal.Silent) == silent.Count);
        Assert.Equal(0, _counters.Refused(PortRefusal.Full));
        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Connections_of_each_protocol_are_counted_while_they_last()
    {
        using (var http = new HttpClient())
        {
            await http.GetStringAsync(Address);
            Assert.Equal(1, _counters.Open(PortProtocol.Http1));
        }

        await WaitUntilAsync(() => _counters.Open(PortProtocol.Http1) == 0 && _counters.OpenNow == 0);
    }

    [Fact]
    public async Task A_port_that_stops_takes_no_connection_and_closes_the_others()
    {
        using var idle = await ConnectAsync();
        Assert.Equal("x", await AskByFrameAsync(idle, "x"));
        await _port.StopAcceptingAsync();
        await Assert.ThrowsAnyAsync<SocketException>(async () => await (await ConnectAsync()).ReceiveAsync(new byte[1]));
        Assert.Equal("", await ReadToEndAsync(idle));
    }

    private Uri Address => new($"http://{_port.Address}/");

    private async Task<string> GetAsync(Version version)
    {
        using var http = new HttpClient { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        return await http.GetStringAsync(Address).WaitAsync(Longest);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_port.Address);
        return socket;
    }

    private async Task<string> ConnectAndReadAsync()
    {
        try
        {
            using var socket = await ConnectAsync();
            return await ReadToEndAsync(socket);
        }
        catch (SocketException)
        {
            // Refused before the system could tell us that we were connected.
            return "";
        }
    }

    private static async Task<string?> AskByFrameAsync(Socket socket, string op)
    {
        using var limit = new CancellationTokenSource(Longest);
        await JsonFrames.WriteAsync(socket, new ClientRequest { Op = op }, ProtocolJson.Default.ClientRequest, limit.Token);
        return (await JsonFrames.ReadAsync(
            socket, ProtocolJson.Default.ClientResponse, JsonFrames.ResponseBytesMax, limit.Token))?.Message;
    }

    /// <summary>A reset is an end, too.</summary>
    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Longest);
        var (text, buffer) = (new StringBuilder(), new byte[1000]);
        try
        {
            while (await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token) is > 0 and var read)
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Refused without many words.
        }

        return text.ToString();
    }

    private static async Task WaitUntilAsync(Func<bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Longest, "not so in time");
            await Task.Yield();
        }
    }
}
