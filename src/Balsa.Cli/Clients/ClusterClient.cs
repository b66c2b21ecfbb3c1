using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>
/// Asks a cluster, through whichever member answers: members hand writes to their leader and wait through elections by
/// themselves. What may be repeated is repeated elsewhere until the time limit; any other request is sent again only when it
/// certainly did not happen.
/// </summary>
internal sealed class ClusterClient(IReadOnlyList<IPEndPoint> endpoints) : IDisposable
{
    /// <summary>What is said of an address where nobody listens.</summary>
    public const string Refused = "connection refused";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private readonly ClientSession _session = new();
    private Socket? _socket;
    private IPEndPoint? _connectedTo;
    private int _next;

    /// <summary>A member that sleeps or is cut off keeps a request for ever; so one that may be repeated does not stay with it.</summary>
    public TimeSpan LongestAttempt { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Writes go through a session, in which each runs once however often it is sent. One request at a time.</summary>
    public bool UsesSession { get; init; }

    /// <summary>What each endpoint said last, for error messages.</summary>
    public SortedDictionary<string, string> Tried { get; } = new(StringComparer.Ordinal);

    public void Dispose()
    {
        if (_socket is not null && _session.Goodbye is { } goodbye)
            JsonFrames.TrySend(_socket, goodbye, ProtocolJson.Default.ClientRequest);
        Disconnect();
    }

    /// <summary>Null when no endpoint could be reached in time.</summary>
    public async Task<ClientResponse?> AskAsync(ClientRequest request, TimeSpan limit)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        if (!UsesSession || !ClientSession.Concerns(request)) return await RepeatAsync(request, deadline);
        var mustOpen = !_session.IsOpen;
        while (true)
        {
            // Where there is no session to be had, a write is what it was: sent once, and unknown when the answer is lost.
            if (mustOpen && (await RepeatAsync(_session.Opening(limit), deadline)) is { } opened && !_session.Begin(opened)
                && opened.Code is not (ClientError.SessionLimit or ClientError.Malformed))
                return RequestProgress.NeverSent(opened);
            var response = await RepeatAsync(_session.Number(request), deadline);
            if (mustOpen || response?.Code != ClientError.SessionUnknown || response.Outcome != ClientOutcome.NotDone) return response;
            // It slept longer than its session lived, and this request never ran: once more in a new one.
            mustOpen = true;
        }
    }

    /// <summary>One attempt at the first endpoint; null when it cannot be reached.</summary>
    public Task<ClientResponse?> AskOnceAsync(ClientRequest request, TimeSpan limit) => TryAskAsync(request, limit);

    private async Task<ClientResponse?> RepeatAsync(ClientRequest request, long deadline)
    {
        var progress = new RequestProgress(request);
        while (TimeSpan.FromSeconds((deadline - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency) is { Ticks: > 0 } left)
        {
            var attempt = progress.MayRepeat && endpoints.Count > 1 && left > LongestAttempt ? LongestAttempt : left;
            if (await TryAskAsync(request, attempt) is { } response)
            {
                Tried[_connectedTo!.ToString()] = response.Message ?? response.Outcome;
                if (progress.IsOver(response)) break;
                if (FollowLeader(response)) continue;
            }

            Disconnect();
            _next++;
            // A whole round of the endpoints was in vain: an election takes a moment.
            if (_next % endpoints.Count == 0) await Task.Delay(Pause);
        }

        return progress.Result;
    }

    private bool FollowLeader(ClientResponse response)
    {
        if (response.Code != ClientError.NotLeader || !IPEndPoint.TryParse(response.Leader ?? "", out var leader)) return false;
        if (leader.Equals(_connectedTo)) return false;
        Disconnect();
        _connectedTo = leader;
        return true;
    }

    /// <summary>Null when the request certainly did not reach anybody, or was a question whose connection broke.</summary>
    private async Task<ClientResponse?> TryAskAsync(ClientRequest request, TimeSpan left)
    {
        request = request with { TimeoutMs = Math.Max(1, (int)left.TotalMilliseconds) };
        using var limit = new CancellationTokenSource(left + TimeSpan.FromMilliseconds(250));
        try
        {
            await ConnectAsync(limit.Token);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException)
        {
            Tried[_connectedTo!.ToString()] = problem is SocketException refused ? Describe(refused) : "no answer";
            return null;
        }

        try
        {
            await JsonFrames.WriteAsync(_socket!, request, ProtocolJson.Default.ClientRequest, limit.Token);
            var response = await JsonFrames.ReadAsync(
                _socket!, ProtocolJson.Default.ClientResponse, JsonFrames.ResponseBytesMax, limit.Token);
            if (response is not null) return response;
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or JsonException)
        {
            Tried[_connectedTo!.ToString()] = problem.Message;
        }

        HangUp();
        // It left us, and no answer came back: a question changed nothing, a write may have happened.
        return RequestProgress.ChangesNothing(request.Op) ? null : RequestProgress.InDoubt("the connection broke before the answer came");
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        if (_socket is not null) return;
        _connectedTo ??= endpoints[_next % endpoints.Count];
        var socket = new Socket(_connectedTo.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(ConnectTimeout);
            await socket.ConnectAsync(_connectedTo, limit.Token);
            _socket = socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Forgets the connection and whom it was with, so that the next attempt chooses anew.</summary>
    private void Disconnect()
    {
        HangUp();
        _connectedTo = null;
    }

    private void HangUp()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private static string Describe(SocketException problem) =>
        problem.SocketErrorCode == SocketError.ConnectionRefused ? Refused : problem.Message;
}
