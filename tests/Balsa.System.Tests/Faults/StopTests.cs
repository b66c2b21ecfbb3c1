using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.System.Tests.Faults;

/// <summary>A node that is told to end does so at once, whoever is connected.</summary>
public sealed class StopTests(ITestOutputHelper report)
{
    /// <summary>Far more than it takes, and less than any time limit of a connection.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Connections_that_ask_for_nothing_do_not_keep_a_node_from_stopping()
    {
        using var cli = new Cli();
        var plan = new ServerPlan(cli, 1);
        await using var node = plan.Start(1);
        Assert.True(await node.IsReadyAsync());
        using var client = new ClusterClient(plan.Clients) { UsesSession = true };
        var put = new ClientRequest { Op = ClientOperation.Put, Key = "a"u8.ToArray(), Value = "b"u8.ToArray() };
        Assert.Equal(ClientOutcome.Done, (await client.AskAsync(put, TimeSpan.FromSeconds(20)))?.Outcome);
        using var silent = await ConnectAsync(plan.Clients[0], "");
        using var pages = await ConnectAsync(plan.Clients[0], "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.True(await pages.ReceiveAsync(new byte[4096]) > 0);
        using var calls = await ConnectAsync(plan.Clients[0], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        Assert.True(await calls.ReceiveAsync(new byte[4096]) > 0);

        var began = Stopwatch.GetTimestamp();
        var (code, said) = await node.StopAsync();
        var took = Stopwatch.GetElapsedTime(began);
        report.WriteLine($"stopped after {took.TotalMilliseconds:F0} ms");
        Assert.True(code == 0, said);
        Assert.True(took < LongestStop, $"it took {took.TotalSeconds:F1} s");
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint to, string says)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to);
        await socket.SendAsync(Encoding.ASCII.GetBytes(says));
        return socket;
    }
}
