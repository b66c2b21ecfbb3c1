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

    /// <summary>What was asked outside of any session is answered as it comes; sessions are opened and closed beside that.</summary>
    private async Task ServeAsync(ClientResponse[] answers)
    {
        var next = 0;
        try
        {
            while (next < answers.Length)
            {
                using var caller = await _listener.AcceptSocketAsync(_stopping.Token);
                while (next < answers.Length && await ReadAsync(caller) is { } request)
                {
                    if (request.Op is ClientOperation.CloseSession) continue;
                    var isOpening = request.Op == ClientOperation.OpenSession && !_refusesSessions;
                    if (!isOpening) Asked.Add(request);
                    var answer = isOpening ? new ClientResponse { Outcome = ClientOutcome.Done, Session = SessionId } : answers[next++];
                    // An answer without an outcome stands for a connection that breaks.
                    if (answer.Outcome.Length == 0) break;
                    await JsonFrames.WriteAsync(caller, answer, ProtocolJson.Default.ClientResponse, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test asked for less than it had answers for.
        }
    }

    private async Task<ClientRequest?> ReadAsync(Socket caller)
    {
        try
        {
            return await JsonFrames.ReadAsync(
                caller, ProtocolJson.Default.ClientRequest, JsonFrames.RequestBytesMax, _stopping.Token);
        }
        catch (SocketException)
        {
            // A client that has its answer may leave as it likes.
            return null;
        }
    }
}
