using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Server.Clients;

/// <summary>The client port: one request at a time on each connection, as many connections as the limit allows.</summary>
internal sealed class ClientListener : IAsyncDisposable
{
    private const int ConnectionsMax = 4096;
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly Func<ClientRequest, Task<ClientResponse>> _handle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    internal ClientListener(IPEndPoint address, Func<ClientRequest, Task<ClientResponse>> handle)
    {
        _handle = handle;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(address);
    }

    internal void Start()
    {
        _socket.Listen(512);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>No new requests; those under way may still be answered.</summary>
    internal async Task StopAcceptingAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAcceptingAsync();
        Task[] open;
        lock (_gate) open = [.. _connections];
        _aborting.CancelAfter(LastAnswers);
        await Task.WhenAll(open);
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Serve(await _socket.AcceptAsync(_stopping.Token));
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                await Task.Delay(20, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Serve(Socket client)
    {
        lock (_gate)
        {
            if (_connections.Count >= ConnectionsMax)
            {
                client.Dispose();
                return;
            }

            var connection = Task.Run(() => ServeAsync(client));
            _connections.Add(connection);
            _ = connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        lock (_gate) _connections.Remove(connection);
    }

    private async Task ServeAsync(Socket client)
    {
        using var socket = client;
        try
        {
            client.NoDelay = true;
            while (await ReadAsync(client) is { } request)
            {
                var response = await _handle(request);
                await JsonFrames.WriteAsync(client, response, ProtocolJson.Default.ClientResponse, _aborting.Token);
            }
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or we are.
        }
    }

    private async Task<ClientRequest?> ReadAsync(Socket client)
    {
        try
        {
            return await JsonFrames.ReadAsync(client, ProtocolJson.Default.ClientRequest, JsonFrames.RequestBytesMax, _stopping.Token);
        }
        catch (JsonException problem)
        {
            var refusal = new ClientResponse
            {
                Outcome = ClientOutcome.NotDone, Code = ClientError.Malformed, Message = $"this is no request: {problem.Message}",
            };
            await JsonFrames.WriteAsync(client, refusal, ProtocolJson.Default.ClientResponse, _stopping.Token);
            return null;
        }
    }
}
