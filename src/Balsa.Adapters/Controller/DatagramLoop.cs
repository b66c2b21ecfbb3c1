using System.Net;
using System.Net.Sockets;

namespace Balsa.Adapters.Controller;

/// <summary>
/// Receives datagrams on a socket until it is stopped, whatever comes in. Each is handled on its own, and a bounded number at a
/// time: what is too much is dropped.
/// </summary>
/// <param name="handle">Gets bytes of its own, and who sent them.</param>
internal sealed class DatagramLoop(
    Socket socket, int underWayMax, ControllerCounters counters, Func<byte[], IPEndPoint, Task> handle, Action<string> note)
    : IAsyncDisposable
{
    /// <summary>The largest a datagram can be, so that none is ever cut.</summary>
    private const int BytesMax = 65_536;
    private static readonly TimeSpan AfterProblem = TimeSpan.FromMilliseconds(10), EndMax = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _room = new(underWayMax);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    internal void Start() => _running = Task.Run(RunAsync);

    internal void Send(ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        try
        {
            socket.SendTo(datagram, to);
            counters.CountAnswered();
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            counters.CountFailed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await EndOfHandlingAsync();
        socket.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Whoever is being answered gets the answer; nobody waits for one that hangs.</summary>
    private async Task EndOfHandlingAsync()
    {
        using var longest = new CancellationTokenSource(EndMax);
        try
        {
            for (var i = 0; i < underWayMax; i++) await _room.WaitAsync(longest.Token);
        }
        catch (OperationCanceledException)
        {
            // Its answer has nowhere to go any more.
        }
    }

    private async Task RunAsync()
    {
        var (buffer, anyone) = (new byte[BytesMax], new IPEndPoint(IPAddress.Any, 0));
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, anyone, _stopping.Token);
                counters.CountReceived();
                var bytes = buffer.AsSpan(0, got.ReceivedBytes).ToArray();
                if (_room.Wait(TimeSpan.Zero)) _ = HandleAsync(bytes, (IPEndPoint)got.RemoteEndPoint);
                else counters.CountBusy();
            }
            catch (SocketException)
            {
                // Some systems report here that an earlier answer did not arrive. It says nothing about the next datagram.
                counters.CountFailed();
                await Task.Delay(AfterProblem);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task HandleAsync(byte[] datagram, IPEndPoint from)
    {
        try
        {
            await handle(datagram, from);
        }
        catch (Exception problem)
        {
            note($"error: a datagram of {from} could not be handled, which is a fault of this program: {problem}");
        }
        finally
        {
            _room.Release();
        }
    }
}
