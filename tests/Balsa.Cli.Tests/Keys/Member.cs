using System.Net;
using System.Net.Sockets;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

/// <summary>Stands for a cluster: takes down what is asked, and gives the answers of the test one after the other.</summary>
internal sealed class Member : IDisposable
{
    internal const ulong SessionId = 4711;

    /// <summary>In the place of an answer: the connection breaks.</summary>
    internal static readonly ClientResponse Silence = new() { Outcome = "" };

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private readonly bool _refusesSessions;

    internal Member(params ClientResponse[] answers)
        : this(refusesSessions: false, answers)
    {
    }

    /// <param name="refusesSessions">The opening of a session is a request like any other.</param>
    /// <param name="answers">One after the other.</param>
    internal Member(bool refusesSessions, params ClientResponse[] answers)
    {
        _refusesSessions = refusesSessions;
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    internal List<ClientRequest> Asked { get; } = [];

    internal Run Balsa(params string[] words) => Run.Balsa([.. words, "--endpoints", $"{_listener.LocalEndpoint}"]);

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
        _serving.Wait();
        _stopping.Dispose();
    }

    private async Task ServeAsync(ClientResponse[] answers)
    {
        var left = new Queue<ClientResponse>(answers);
        var callers = new List<Task>();
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync(_stopping.Token);
                callers.Add(AnswerAsync(caller, left));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(callers);
        }
    }

    /// <summary>What was asked is answered as the test says; sessions are opened and closed beside that.</summary>
    private async Task AnswerAsync(Socket caller, Queue<ClientResponse> left)
    {
        using var closed = caller;
        while (await ReadAsync(caller) is { } request)
        {
            if (request.Op is ClientOperation.CloseSession) continue;
            var isOpening = request.Op == ClientOperation.OpenSession && !_refusesSessions;
            ClientResponse? answer = new ClientResponse { Outcome = ClientOutcome.Done, Session = SessionId };
            lock (left)
            {
                if (!isOpening) Asked.Add(request);
                if (!isOpening && !left.TryDequeue(out answer)) return;
            }

            // An answer without an outcome stands for a connection that breaks.
            if (answer!.Outcome.Length == 0) return;
            await JsonFrames.WriteAsync(caller, answer, ProtocolJson.Default.ClientResponse, _stopping.Token);
        }
    }

    private async Task<ClientRequest?> ReadAsync(Socket caller)
    {
        try
        {
            return await JsonFrames.ReadAsync(
                caller, ProtocolJson.Default.ClientRequest, JsonFrames.RequestBytesMax, _stopping.Token);
        }
        catch (Exception left) when (left is SocketException or OperationCanceledException)
        {
            // A client that has its answer may leave as it likes, and so may the test.
            return null;
        }
    }
}
