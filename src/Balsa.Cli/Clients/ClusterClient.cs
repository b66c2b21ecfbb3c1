using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Clients;

/// <summary>
/// Asks a cluster. It goes where the leader is, waits through elections and tries other endpoints, all within one time
/// limit. A write is sent again only when it certainly did not happen; otherwise the answer is "unknown".
/// </summary>
internal sealed class ClusterClient(IReadOnlyList<IPEndPoint> endpoints) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    private Socket? _socket;
    private IPEndPoint? _connectedTo;
    private int _next;

    /// <summary>What each endpoint said last, for error messages.</summary>
    public SortedDictionary<string, string> Tried { get; } = new(StringComparer.Ordinal);

    public void Dispose() => Disconnect();

    /// <summary>Null when no endpoint could be reached in time.</summary>
    public async Task<ClientResponse?> AskAsync(ClientRequest request, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        ClientResponse? last = null;
        while (limit - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            var response = await TryAskAsync(request with { TimeoutMs = Math.Max(1, (int)left.TotalMilliseconds) }, left);
            if (response is not null)
            {
                Tried[_connectedTo!.ToString()] = response.Message ?? response.Outcome;
                if (!MayTryAgain(response)) return response;
                last = response;
                if (FollowLeader(response)) continue;
            }

            Disconnect();
            _next++;
            // A whole round of the endpoints was in vain: an election takes a moment.
            if (response is not null || _next % endpoints.Count == 0) await Task.Delay(Pause);
        }

        return last;
    }

    /// <summary>One attempt at the first endpoint; null when it cannot be reached.</summary>
    public Task<ClientResponse?> AskOnceAsync(ClientRequest request, TimeSpan limit) =>
        TryAskAsync(request with { TimeoutMs = Math.Max(1, (int)limit.TotalMilliseconds) }, limit);

    private static bool MayTryAgain(ClientResponse response) =>
        response.Outcome == ClientOutcome.NotDone
        && response.Code is ClientError.NoLeader or ClientError.NotLeader or ClientError.Busy or ClientError.Stopping;

    private bool FollowLeader(ClientResponse response)
    {
        if (response.Code != ClientError.NotLeader || !IPEndPoint.TryParse(response.Leader ?? "", out var leader)) return false;
        if (leader.Equals(_connectedTo)) return false;
        Disconnect();
        _connectedTo = leader;
        return true;
    }

    /// <summary>Null when the request certainly did not reach anybody, or was a read whose connection broke.</summary>
    private async Task<ClientResponse?> TryAskAsync(ClientRequest request, TimeSpan left)
    {
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
        // It left us, and no answer came back: a read can be asked again, a write may have happened.
        return request.Op is not (ClientOperation.Get or ClientOperation.List or ClientOperation.Status)
            ? new ClientResponse
            {
                Outcome = ClientOutcome.Unknown, Code = ClientError.OutcomeUnknown, Message = "the connection broke before the answer came",
            }
            : null;
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
        problem.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : problem.Message;
}
