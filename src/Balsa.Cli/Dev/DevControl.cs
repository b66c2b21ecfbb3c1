using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Dev;

/// <summary>How a second terminal reaches the process that holds a dev cluster: loopback only, and only with its token.</summary>
internal sealed class DevControl : IAsyncDisposable
{
    private const int BytesMax = 64 * 1024;
    private readonly Socket _socket;
    private readonly string _token;
    private readonly Func<DevRequest, Task<DevResponse>> _handle;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public DevControl(string token, Func<DevRequest, Task<DevResponse>> handle)
    {
        (_token, _handle) = (token, handle);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(16);
        _serving = Task.Run(ServeAsync);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Asks the process that holds the cluster; null when it is gone.</summary>
    public static async Task<DevResponse?> AskAsync(DevContext context, string op, string node, TimeSpan limit)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.ControlPort), stop.Token);
            await JsonFrames.WriteAsync(socket, new DevRequest(context.Token, op, node), DevJson.Default.DevRequest, stop.Token);
            return await JsonFrames.ReadAsync(socket, DevJson.Default.DevResponse, BytesMax, stop.Token);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var caller = await _socket.AcceptAsync(_stopping.Token);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                limit.CancelAfter(TimeSpan.FromSeconds(5));
                var request = await JsonFrames.ReadAsync(caller, DevJson.Default.DevRequest, BytesMax, limit.Token);
                if (request is null || request.Token != _token) continue;
                var response = await _handle(request);
                await JsonFrames.WriteAsync(caller, response, DevJson.Default.DevResponse, _stopping.Token);
            }
            catch (Exception problem) when (
                problem is SocketException or OperationCanceledException or ObjectDisposedException or JsonException)
            {
                // Somebody else's mistake, or our end.
            }
        }
    }
}
