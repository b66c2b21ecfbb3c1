using System.Net;
using System.Net.Sockets;
using Balsa.Server.Protocol;
using Balsa.Server.Tests.Etcd;

namespace Balsa.Server.Tests.Clients;

/// <summary>What the command asks, against a real node.</summary>
public sealed class FrameRequestTests(OneNode node) : IClassFixture<OneNode>
{
    [Fact]
    public async Task A_write_that_is_sent_twice_in_a_session_runs_once_and_has_one_answer()
    {
        var session = (await AskAsync(new ClientRequest { Op = ClientOperation.OpenSession })).Session;
        Assert.NotEqual(0UL, session);
        var put = Put("once") with { IfRevision = 0, Session = session, Request = 1 };
        var first = await AskAsync(put);
        Assert.Equal(ClientOutcome.Done, first.Outcome);
        var again = await AskAsync(put);
        // Run a second time, it would find the key there already.
        Assert.Equal((ClientOutcome.Done, first.Revision), (again.Outcome, again.Revision));
        var other = await AskAsync(put with { Request = 2 });
        Assert.Equal(ClientError.KeyExists, other.Code);
    }

    [Fact]
    public async Task A_session_that_was_closed_runs_nothing_any_more()
    {
        var session = (await AskAsync(new ClientRequest { Op = ClientOperation.OpenSession })).Session;
        var closed = await AskAsync(new ClientRequest { Op = ClientOperation.CloseSession, Session = session });
        Assert.Equal(ClientOutcome.Done, closed.Outcome);
        var refused = await AskAsync(Put("never") with { Session = session, Request = 1 });
        Assert.Equal((ClientOutcome.NotDone, ClientError.SessionUnknown), (refused.Outcome, refused.Code));
        Assert.Empty((await AskAsync(new ClientRequest { Op = ClientOperation.Get, Key = "never"u8.ToArray() })).Values!);
    }

    [Fact]
    public async Task A_session_without_a_time_to_live_is_refused()
    {
        var refused = await AskAsync(new ClientRequest { Op = ClientOperation.OpenSession, SessionSeconds = 0 });
        Assert.Equal(ClientOutcome.NotDone, refused.Outcome);
    }

    [Theory]
    [InlineData(ClientOperation.Isolate)]
    [InlineData(ClientOperation.Heal)]
    public async Task A_node_that_was_not_told_to_allow_faults_takes_none(string operation)
    {
        var refused = await AskAsync(new ClientRequest { Op = operation });
        Assert.Equal((ClientOutcome.NotDone, ClientError.FaultsForbidden), (refused.Outcome, refused.Code));
        Assert.False((await AskAsync(new ClientRequest { Op = ClientOperation.Status })).Status!.Isolated);
    }

    private static ClientRequest Put(string key) => new()
    {
        Op = ClientOperation.Put, Key = global::System.Text.Encoding.UTF8.GetBytes(key), Value = "1"u8.ToArray(),
    };

    private async Task<ClientResponse> AskAsync(ClientRequest request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, node.Address.Port), limit.Token);
        // A node that has just started is still electing itself, and keeps requests until it has.
        await JsonFrames.WriteAsync(socket, request with { TimeoutMs = 30_000 }, ProtocolJson.Default.ClientRequest, limit.Token);
        var response = await JsonFrames.ReadAsync(
            socket, ProtocolJson.Default.ClientResponse, JsonFrames.ResponseBytesMax, limit.Token);
        return response!;
    }
}
