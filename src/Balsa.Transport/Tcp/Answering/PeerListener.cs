using System.Net;
using System.Net.Sockets;

namespace Balsa.Transport.Tcp.Answering;

/// <summary>A port of our own, on which only members call.</summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private readonly PeerNetworkOptions _options;
    private readonly Action<Socket> _serve;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    internal PeerListener(PeerNetworkOptions options, Action<Socket> serve)
    {
        (_options, _serve) = (options, serve);
        var address = options.Listen;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // "Any" of IPv6 is what people write when they mean every address of the machine.
        if (address.Address.Equals(IPAddress.IPv6Any)) _socket.DualMode = true;
        try
        {
            _socket.Bind(address);
            _socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            _stopping.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    internal IPEndPoint Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _serve(await _socket.AcceptAsync(_stopping.Token));
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested) return;
                // Out of descriptors, or a caller that gave up: the next one may do better, but not in a tight loop.
                await Task.Delay(_options.BackoffMin, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
