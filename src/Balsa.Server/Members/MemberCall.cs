using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Server.Members;

/// <summary>A request of one member to another's client port: for what only the leader can do.</summary>
internal static class MemberCall
{
    /// <summary>It never throws but when it is stopped: what went wrong is the answer.</summary>
    internal static async Task<ClientResponse> AskAsync(string address, ClientRequest request, TimeSpan limit, CancellationToken stop)
    {
        var outcome = ClientOutcome.NotDone;
        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
            ended.CancelAfter(limit + TimeSpan.FromSeconds(1));
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var colon = address.LastIndexOf(':');
            await socket.ConnectAsync(address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), provider: null), ended.Token);
            outcome = ClientOutcome.Unknown;
            await JsonFrames.WriteAsync(socket, request, ProtocolJson.Default.ClientRequest, ended.Token);
            return await JsonFrames.ReadAsync(socket, ProtocolJson.Default.ClientResponse, JsonFrames.ResponseBytesMax, ended.Token)
                ?? Lost(outcome, $"{address} hung up");
        }
        catch (Exception problem) when (problem is SocketException or JsonException or OperationCanceledException or FormatException)
        {
            stop.ThrowIfCancellationRequested();
            return Lost(outcome, $"{address}: {problem.Message}");
        }
    }

    private static ClientResponse Lost(string outcome, string message) => new()
    {
        Outcome = outcome, Message = message, Code = outcome == ClientOutcome.Unknown ? ClientError.OutcomeUnknown : ClientError.NoLeader,
    };
}
