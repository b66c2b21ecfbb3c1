using System.Net;
using System.Net.Sockets;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>
/// The way to one peer: dialled by us, used only for sending, dialled again with growing pauses. While it is down frames
/// are dropped at once, so a peer that comes back is not greeted with yesterday's messages.
/// </summary>
internal sealed class PeerLink(
    PeerNetworkOptions options, MemberId peer, IPEndPoint address, IPeerHandler handler, NetworkCounters counters)
    : IAsyncDisposable
{
    private const int BatchBytesMax = 256 * 1024;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _nudged = new(0, 1);
    private readonly byte[] _batch = new byte[BatchBytesMax];
    private Outbox? _outbox;
    private HelloVerdict _lastVerdict;
    private Task _running = Task.CompletedTask;

    internal IPEndPoint Address => address;

    internal bool IsUp => Volatile.Read(ref _outbox) is not null;

    internal void Start() => _running = Task.Run(RunAsync);

    internal void Send(in OutgoingFrame frame)
    {
        if (Volatile.Read(ref _outbox) is { } outbox && outbox.TryAdd(frame)) return;
        counters.CountDropped();
        frame.Release();
    }

    /// <summary>The peer has just called us, so it can be called: a restarted member must not wait for our back-off.</summary>
    internal void Nudge()
    {
        if (!IsUp && _nudged.CurrentCount == 0) _nudged.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _nudged.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = options.BackoffMin;
        while (!_stopping.IsCancellationRequested)
        {
            var wasUp = await ConnectAndSendAsync();
            pause = wasUp ? options.BackoffMin : TimeSpan.FromTicks(Math.Min(options.BackoffMax.Ticks, pause.Ticks * 2));
            // Spread by up to a quarter, so that members that fell together do not all dial in the same moment.
            var spread = TimeSpan.FromTicks(pause.Ticks * Random.Shared.Next(75, 100) / 100);
            if (await SleepAsync(spread)) pause = options.BackoffMin;
        }
    }

    /// <summary>True when the pause was cut short, because the peer showed that it is back.</summary>
    private async Task<bool> SleepAsync(TimeSpan pause)
    {
        try
        {
            return await _nudged.WaitAsync(pause, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>True when the peer had welcomed us, however it ended.</summary>
    private async Task<bool> ConnectAndSendAsync()
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var welcomed = false;
        try
        {
            await ConnectAsync(socket);
            if (!await GreetAsync(socket)) return false;
            welcomed = true;
            var outbox = new Outbox(options.OutboxFramesMax, options.OutboxBytesMax);
            Volatile.Write(ref _outbox, outbox);
            var hangUp = WatchForHangUpAsync(socket, outbox);
            await SendAllAsync(socket, outbox);
            await hangUp;
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Peers come and go; that is what the loop around this is for.
        }
        finally
        {
            Interlocked.Exchange(ref _outbox, null)?.Close();
        }

        if (welcomed && !_stopping.IsCancellationRequested) handler.Lose(peer);
        return welcomed;
    }

    private async Task ConnectAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(options.ConnectTimeout);
        await socket.ConnectAsync(address, limit.Token);
    }

    private async Task<bool> GreetAsync(Socket socket)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(options.HelloTimeout);
        var hello = HelloCodec.Write(new PeerHello(options.Cluster, peer, handler.Greet()));
        byte[] first = [.. HelloCodec.Preamble, .. hello];
        await SendWholeAsync(socket, first, limit.Token);
        var reader = new FrameReader(socket, bodyBytesMax: 4096);
        var error = await reader.ReadAsync(limit.Token);
        if (error is null) return false;
        var verdict = HelloVerdict.Welcome;
        if (error == FrameError.None) error = HelloCodec.TryReadAnswer(reader.Header, reader.Body.Span, out verdict, out _);
        if (error != FrameError.None)
        {
            counters.CountRefused(error.Value);
            return false;
        }

        if (verdict != _lastVerdict && verdict != HelloVerdict.Welcome) handler.BeRefused(peer, verdict);
        _lastVerdict = verdict;
        return verdict == HelloVerdict.Welcome;
    }

    /// <summary>Nothing ever comes back on this connection, so the end of a read is the end of the connection.</summary>
    private async Task WatchForHangUpAsync(Socket socket, Outbox outbox)
    {
        try
        {
            await socket.ReceiveAsync(new byte[1], SocketFlags.None, _stopping.Token);
        }
        catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed one way or the other.
        }

        outbox.Close();
    }

    private async Task SendAllAsync(Socket socket, Outbox outbox)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        while (await outbox.Reader.WaitToReadAsync(_stopping.Token))
        {
            limit.CancelAfter(options.SendTimeout);
            var gathered = 0;
            var frames = 0;
            while (outbox.Reader.TryRead(out var frame))
            {
                frames++;
                if (gathered + frame.Length > BatchBytesMax)
                {
                    await SendWholeAsync(socket, _batch.AsMemory(0, gathered), limit.Token);
                    gathered = 0;
                }

                if (frame.Length > BatchBytesMax)
                {
                    await SendWholeAsync(socket, frame.Bytes, limit.Token);
                }
                else
                {
                    frame.Bytes.CopyTo(_batch.AsMemory(gathered));
                    gathered += frame.Length;
                }

                outbox.Finish(frame);
            }

            await SendWholeAsync(socket, _batch.AsMemory(0, gathered), limit.Token);
            counters.CountSent(frames);
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private static async ValueTask SendWholeAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stop)..];
    }
}
