using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Balsa.Transport.Tcp;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Balsa.Server.Ports;

/// <summary>
/// The socket of the client port: accepts connections, looks at their first bytes without taking them, and hands each to
/// whoever speaks its protocol. What cannot be served is closed here and counted.
/// </summary>
internal sealed class PortListener : IAsyncDisposable
{
    private const int WaitingMax = 512;

    /// <summary>After an error of accept, which mostly means too many open files: time for some of them to be closed.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;
    private readonly SocketConnectionContextFactory _contexts =
        new(new SocketConnectionFactoryOptions(), NullLogger<SocketConnectionContextFactory>.Instance);
    private readonly PortLimits _limits;
    private readonly PortCounters _counters;
    private readonly Func<PortProtocol, ConnectionContext, Task> _serve;
    private readonly Undecided _undecided;
    private readonly CancellationTokenSource _stopping = new();
    private Action<Socket>? _members;
    private Task _accepting = Task.CompletedTask;

    /// <param name="serve">Serves a connection until it is over, and disposes it.</param>
    internal PortListener(
        IPEndPoint address, PortLimits limits, PortCounters counters, Func<PortProtocol, ConnectionContext, Task> serve)
    {
        (_limits, _counters, _serve, _undecided) = (
            limits, counters, serve, new Undecided(limits.UndecidedMax, limits.FirstBytesMax));
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(address);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    internal IPEndPoint Address { get; }

    /// <param name="members">Takes sockets of other members over; null when they are served elsewhere.</param>
    internal void Start(Action<Socket>? members = null)
    {
        _members = members;
        _socket.Listen(WaitingMax);
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>No new connections; those that are open stay.</summary>
    internal async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _contexts.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _socket.AcceptAsync(_stopping.Token);
                if (_counters.TryEnter(_limits.ConnectionsMax)) Begin(client);
                // A reset: the system keeps nothing of it, and the client knows at once.
                else client.Close(0);
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                await Task.Delay(Breath, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Begin(Socket client)
    {
        var waiting = _undecided.Enter(_stopping.Token);
        _ = Task.Run(() => ServeAsync(client, waiting));
    }

    private async Task ServeAsync(Socket client, Undecided.Waiting waiting)
    {
        try
        {
            client.NoDelay = true;
            if (_members is not null && await IsMemberAsync(client, waiting))
            {
                _members(client);
                return;
            }

            var connection = _contexts.Create(client);
            var protocol = await JudgeAsync(connection, waiting);
            if (protocol is not (PortProtocol.Http1 or PortProtocol.Http2 or PortProtocol.Frames))
            {
                connection.Abort(new ConnectionAbortedException("It speaks nothing that is served here."));
                await connection.DisposeAsync();
                return;
            }

            _counters.Begin(protocol);
            try
            {
                await _serve(protocol, connection);
            }
            finally
            {
                _counters.End(protocol);
            }
        }
        catch (Exception problem) when (problem is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client is gone, or we are.
            client.Dispose();
        }
        finally
        {
            waiting.Dispose();
            _counters.Leave();
        }
    }

    /// <summary>
    /// One byte tells, and it stays in the socket. Members are judged by their own network, so they take no place among those who
    /// have not spoken here.
    /// </summary>
    private async Task<bool> IsMemberAsync(Socket client, Undecided.Waiting waiting)
    {
        var first = new byte[1];
        try
        {
            return await client.ReceiveAsync(first, SocketFlags.Peek, waiting.Limit) == 1 && PeerPreamble.Matches(first);
        }
        catch (OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested) _counters.Refuse(PortRefusal.Silent);
            throw;
        }
    }

    /// <summary>Counts what is refused. The bytes stay where they are for whoever serves the connection.</summary>
    private async Task<PortProtocol> JudgeAsync(ConnectionContext connection, Undecided.Waiting waiting)
    {
        using var until = waiting;
        var protocol = PortProtocol.Undecided;
        try
        {
            var read = default(ReadResult);
            while (protocol == PortProtocol.Undecided && !read.IsCompleted)
            {
                read = await connection.Transport.Input.ReadAsync(waiting.Limit);
                protocol = FirstBytes.Judge(read.Buffer);
                // Examined only while they do not suffice: otherwise whoever reads next would wait for more of them.
                connection.Transport.Input.AdvanceTo(
                    read.Buffer.Start, protocol == PortProtocol.Undecided ? read.Buffer.End : read.Buffer.Start);
            }
        }
        catch (OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested) _counters.Refuse(PortRefusal.Silent);
            return PortProtocol.Undecided;
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return PortProtocol.Undecided;
        }

        if (protocol is PortProtocol.Tls) _counters.Refuse(PortRefusal.Tls);
        if (protocol is PortProtocol.Nothing) _counters.Refuse(PortRefusal.Nothing);
        return protocol;
    }
}
