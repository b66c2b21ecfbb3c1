using System.Net;
using System.Net.Sockets;

namespace Balsa.System.Tests.Clients;

/// <summary>Clients that mean no good, against one node: an election that a busy machine causes would say nothing about them.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private DevRun? _dev;

    public async ValueTask InitializeAsync() => _dev = await DevRun.StartAsync(_cli, "--nodes", "1");

    public async ValueTask DisposeAsync()
    {
        if (_dev is not null) await _dev.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task Garbage_and_silence_are_counted_and_hurt_nobody()
    {
        await _dev!.WaitUntilHealthyAsync();
        var endpoint = IPEndPoint.Parse(_dev.Endpoints);
        var random = new Random(11);
        var silent = new List<Socket>();
        for (var i = 0; i < 500; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            silent.Add(socket);
            await socket.ConnectAsync(endpoint);
            if (i % 2 != 0) continue;
            var bytes = new byte[random.Next(5, 300)];
            random.NextBytes(bytes);
            bytes[0] = 0;
            bytes[4] = 0;
            await socket.SendAsync(bytes);
        }

        await Pages.WaitForAsync(
            $"http://{endpoint}/metrics", HttpStatusCode.OK, "\nbalsa_client_connections_refused_total{reason=\"garbage\"} 250\n");
        await Pages.WaitForAsync(
            $"http://{endpoint}/metrics", HttpStatusCode.OK, "\nbalsa_client_connections_refused_total{reason=\"silent\"} 250\n");
        await _cli.DoAsync("put", "after", "all");
        silent.ForEach(socket => socket.Dispose());
        await _dev.WaitUntilHealthyAsync();
    }
}
