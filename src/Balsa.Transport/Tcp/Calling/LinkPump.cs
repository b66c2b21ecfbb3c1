using System.Diagnostics;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// Sends what an outbox holds over one connection, many frames in one write, and pings in between. What comes back are the
/// pongs: a peer from which nothing comes is dead, whether its machine is gone, its process stands still, or it has stopped
/// to read.
/// </summary>
internal sealed class LinkPump(
    PeerNetworkOptions options, NetworkCounters counters, PeerConnection connection, Outbox outbox, TokenBucket? rate)
{
    private const int BatchBytesMax = 256 * 1024;
    private readonly byte[] _ping = KeepAliveCodec.Write(FrameKind.Ping, options.Group);
    private readonly byte[] _batch = new byte[BatchBytesMax + FrameHeader.Bytes];
    private int _gathered, _isPingDue;

    /// <summary>Called at each ping.</summary>
    internal Action OnPing { get; init; } = () => { };

    /// <summary>Until the connection breaks, or the outbox is retired and empty. Closes both.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = SilenceWatch.RunAsync(connection, options, OnTick, ended.Token);
        var listening = ListenAsync(ended.Token);
        try
        {
            await SendAllAsync(ended.Token);
            connection.FinishSending();
            await listening;
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            // Peers come and go; whoever holds the link dials again.
        }

        await ended.CancelAsync();
        connection.Dispose();
        outbox.Close();
        if (await watching) counters.CountSilent();
        await listening;
    }

    private void OnTick()
    {
        Volatile.Write(ref _isPingDue, 1);
        outbox.Wake();
        OnPing();
    }

    /// <summary>Only pongs come back. The end of this is the end of the connection.</summary>
    private async Task ListenAsync(CancellationToken stop)
    {
        try
        {
            while (await connection.Reader.ReadAsync(bodyBytesMax: 0, stop) is { } error)
            {
                if (error == FrameError.None) error = KeepAliveCodec.TryRead(connection.Reader.Header, FrameKind.Pong);
                if (error == FrameError.None) continue;
                counters.CountRefused(error);
                break;
            }
        }
        catch (Exception problem) when (PeerConnection.IsBreak(problem))
        {
            // Closed one way or the other.
        }

        connection.Dispose();
        outbox.Close();
    }

    private async Task SendAllAsync(CancellationToken stop)
    {
        while (await outbox.Reader.WaitToReadAsync(stop))
        {
            var frames = 0;
            while (outbox.Reader.TryRead(out var frame))
            {
                if (frame.Length == 0) continue;
                frames++;
                await SendAsync(frame, stop);
                outbox.Finish(frame);
            }

            await FlushAsync(stop);
            counters.CountSent(frames);
        }
    }

    private async ValueTask SendAsync(OutgoingFrame frame, CancellationToken stop)
    {
        if (rate is not null) await PaceAsync(rate.Take(frame.Length, Stopwatch.GetElapsedTime(0)), stop);
        if (_gathered + frame.Length > BatchBytesMax) await FlushAsync(stop);
        if (frame.Length > BatchBytesMax)
        {
            await connection.Stream.WriteAsync(frame.Bytes, stop);
            return;
        }

        frame.Bytes.CopyTo(_batch.AsMemory(_gathered));
        _gathered += frame.Length;
    }

    /// <summary>In pieces, because pings must leave while we wait.</summary>
    private async ValueTask PaceAsync(TimeSpan wait, CancellationToken stop)
    {
        while (wait > TimeSpan.Zero)
        {
            await FlushAsync(stop);
            var piece = wait < options.PingInterval ? wait : options.PingInterval;
            await Task.Delay(piece, stop);
            wait -= piece;
        }
    }

    private async ValueTask FlushAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _isPingDue, 0) == 1)
        {
            _ping.CopyTo(_batch, _gathered);
            _gathered += _ping.Length;
        }

        if (_gathered == 0) return;
        await connection.Stream.WriteAsync(_batch.AsMemory(0, _gathered), stop);
        _gathered = 0;
    }
}
