using System.IO.Pipelines;
using System.Text.Json;
using Balsa.Server.Protocol;
using Microsoft.AspNetCore.Connections;

namespace Balsa.Server.Clients;

/// <summary>Connections that speak JSON behind a length: one request at a time on each, until the command speaks gRPC.</summary>
internal sealed class FrameServer(Func<ClientRequest, Task<ClientResponse>> handle, TimeSpan idleMax, TimeSpan lastAnswers)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];

    /// <summary>Serves the connection until it is over, and disposes it.</summary>
    internal Task ServeAsync(ConnectionContext connection)
    {
        var served = ServeAndCloseAsync(connection);
        lock (_gate) _connections.Add(served);
        _ = served.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return served;
    }

    /// <summary>No new requests; those under way may still be answered.</summary>
    internal Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Task[] open;
        lock (_gate) open = [.. _connections];
        _aborting.CancelAfter(lastAnswers);
        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private void Forget(Task connection)
    {
        lock (_gate) _connections.Remove(connection);
    }

    private async Task ServeAndCloseAsync(ConnectionContext connection)
    {
        await using var closed = connection;
        var (input, output) = (connection.Transport.Input.AsStream(), connection.Transport.Output.AsStream());
        while (await ReadAsync(input, output) is { } request)
        {
            var response = await handle(request);
            await JsonFrames.WriteAsync(output, response, ProtocolJson.Default.ClientResponse, _aborting.Token);
        }
    }

    private async Task<ClientRequest?> ReadAsync(Stream input, Stream output)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(idleMax);
        try
        {
            return await JsonFrames.ReadAsync(input, ProtocolJson.Default.ClientRequest, JsonFrames.RequestBytesMax, limit.Token);
        }
        catch (JsonException problem)
        {
            var refusal = new ClientResponse
            {
                Outcome = ClientOutcome.NotDone, Code = ClientError.Malformed, Message = $"this is no request: {problem.Message}",
            };
            await JsonFrames.WriteAsync(output, refusal, ProtocolJson.Default.ClientResponse, _stopping.Token);
            return null;
        }
    }
}
