using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>Takes the calls of the other members and hands in what they say. It never says anything after the hello's answer.</summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private readonly PeerNetworkOptions _options;
    private readonly IPeerHandler _handler;
    private readonly NetworkCounters _counters;
    private readonly Action<MemberId> _welcomed;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<MemberId, Socket> _callers = [];
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;

    internal PeerListener(PeerNetworkOptions options, IPeerHandler handler, NetworkCounters counters, Action<MemberId> welcomed)
    {
        (_options, _handler, _counters, _welcomed) = (options, handler, counters, welcomed);
        _socket = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _socket.Bind(options.Listen);
        _socket.Listen(options.ConnectionsMax);
        _accepting = Task.Run(AcceptAsync);
    }

    internal IPEndPoint Address => (IPEndPoint)_socket.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        Task[] open;
        lock (_gate) open = [.. _connections];
        await Task.WhenAll(open);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket caller;
            try
            {
                caller = await _socket.AcceptAsync(_stopping.Token);
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested) return;
                // Out of descriptors, or a caller that gave up: the next one may do better, but not in a tight loop.
                await Task.Delay(_options.BackoffMin, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            Serve(caller);
        }
    }

    private void Serve(Socket caller)
    {
        lock (_gate)
        {
            if (_connections.Count >= _options.ConnectionsMax)
            {
                caller.Dispose();
                return;
            }

            var connection = Task.Run(() => ServeAsync(caller));
            _connections.Add(connection);
            _ = connection.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Forget(Task connection)
    {
        lock (_gate) _connections.Remove(connection);
    }

    private async Task ServeAsync(Socket caller)
    {
        using var socket = caller;
        var reader = new FrameReader(caller, _options.BodyBytesMax);
        try
        {
            caller.NoDelay = true;
            if (await WelcomeAsync(caller, reader) is not { } origin) return;
            Replace(origin.Member, caller);
            _welcomed(origin.Member);
            var error = await ReceiveAllAsync(origin, reader);
            if (error == FrameError.None) return;
            _counters.CountRefused(error);
            _handler.Note($"closed the connection of {origin.Member}: {error}");
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller is gone; it dials again when it is back.
        }
        finally
        {
            Release(caller);
        }
    }

    private async Task<Origin?> WelcomeAsync(Socket caller, FrameReader reader)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(_options.HelloTimeout);
        var error = FrameError.NotAPeer;
        var hello = default(PeerHello);
        if (await reader.ReadExactlyAsync(HelloCodec.Preamble.ToArray(), limit.Token))
        {
            if (await reader.ReadAsync(limit.Token) is not { } read) return null;
            error = read == FrameError.None ? HelloCodec.TryRead(reader.Header, reader.Body.Span, out hello) : read;
        }

        var verdict = error == FrameError.UnknownVersion ? HelloVerdict.UnknownProtocol : HelloVerdict.Welcome;
        if (error == FrameError.None) verdict = Judge(hello);
        else _counters.CountRefused(error);
        if (error is not (FrameError.None or FrameError.UnknownVersion)) return null;
        await caller.SendAsync(HelloCodec.WriteAnswer(verdict, _options.Self, _options.Group), SocketFlags.None, limit.Token);
        if (verdict == HelloVerdict.Welcome) return hello.Hello.Origin;
        _handler.Note($"refused a call that says it is {hello.Hello.Origin.Member} of cluster {hello.Cluster:x}: {verdict}");
        return null;
    }

    private HelloVerdict Judge(in PeerHello hello)
    {
        if (hello.Cluster != _options.Cluster) return HelloVerdict.WrongCluster;
        return hello.To == _options.Self && hello.Hello.Origin.Member != _options.Self ? _handler.Judge(hello) : HelloVerdict.WrongMember;
    }

    private async Task<FrameError> ReceiveAllAsync(Origin origin, FrameReader reader)
    {
        while (await reader.ReadAsync(_stopping.Token) is { } error)
        {
            if (error != FrameError.None) return error;
            if (reader.Header.Group != origin.Group) return FrameError.OutOfPlace;
            error = MessageDecoder.TryRead(reader.Header, reader.Body.Span, out var message);
            if (error != FrameError.None) return error;
            _counters.CountReceived();
            _handler.Receive(origin, message!);
        }

        return FrameError.None;
    }

    /// <summary>A member that calls again has given its earlier call up, even if nobody told us.</summary>
    private void Replace(MemberId member, Socket caller)
    {
        lock (_gate)
        {
            if (_callers.Remove(member, out var earlier)) earlier.Dispose();
            _callers[member] = caller;
        }
    }

    private void Release(Socket caller)
    {
        lock (_gate)
        {
            foreach (var (member, socket) in _callers)
            {
                if (socket != caller) continue;
                _callers.Remove(member);
                return;
            }
        }
    }
}
