using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// The way to one peer for snapshots: dialled when there is something to send, closed when there was nothing for a while.
/// Who sends waits for room instead of losing frames.
/// </summary>
internal sealed class BulkLink : IAsyncDisposable
{
    private readonly PeerNetworkOptions _options;
    private readonly MemberId _peer;
    private readonly IPeerHandler _handler;
    private readonly NetworkCounters _counters;
    private readonly TokenBucket _rate;
    private readonly Caller _caller;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _demanded = new(0);
    private readonly Lock _gate = new();
    private readonly Task _running;
    private Outbox? _outbox;
    private bool _isEnding;

    internal BulkLink(
        PeerNetworkOptions options, MemberId peer, IReadOnlyList<EndPoint> addresses, IPeerHandler handler, NetworkCounters counters,
        TokenBucket rate)
    {
        (_options, _peer, _handler, _counters, _rate, _backoff) = (options, peer, handler, counters, rate, new Backoff(options));
        _caller = new Caller(options, peer, LinkPurpose.Bulk, addresses, counters)
        {
            OnRefused = verdict => handler.BeRefused(peer, verdict),
        };
        _running = Task.Run(RunAsync);
    }

    /// <summary>True when the frame is on its way; false when there is no way to the peer now, and the frame is gone.</summary>
    internal async ValueTask<bool> SendAsync(OutgoingFrame frame, CancellationToken stop)
    {
        if (Demand(frame) is { } outbox)
        {
            try
            {
                if (await outbox.Opened.WaitAsync(stop) && await outbox.AddAsync(frame, stop)) return true;
            }
            catch (OperationCanceledException)
            {
                outbox.Finish(frame);
                throw;
            }

            outbox.Finish(frame);
        }
        else
        {
            frame.Release();
        }

        _counters.CountDropped();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isEnding = true;
            _outbox?.Close();
            _outbox = null;
        }

        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _demanded.Dispose();
        _backoff.Dispose();
    }

    /// <summary>Null when the link ends. Announced under the lock, so that an outbox with work ahead is not retired.</summary>
    private Outbox? Demand(in OutgoingFrame frame)
    {
        lock (_gate)
        {
            if (_isEnding) return null;
            if (_outbox is null)
            {
                _outbox = new Outbox(_options.BulkFramesMax, long.MaxValue);
                _demanded.Release();
            }

            _outbox.Announce(frame);
            return _outbox;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _demanded.WaitAsync(_stopping.Token);
                await _backoff.WaitAsync(worked: await SendAllAsync(), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The network ends, or the peer is not one of ours any more.
        }
    }

    /// <summary>True when there was a connection, however it ended.</summary>
    private async Task<bool> SendAllAsync()
    {
        Outbox? outbox;
        lock (_gate) outbox = _outbox;
        if (outbox is null) return false;
        var connection = await _caller.CallAsync(Hello, _stopping.Token);
        if (connection is not null)
        {
            outbox.Open();
            var idle = 0;
            var pump = new LinkPump(_options, _counters, connection, outbox, _rate)
            {
                OnPing = () =>
                {
                    idle = outbox.IsIdle ? idle + 1 : 0;
                    if (idle >= _options.BulkIdleTicks) Retire(outbox);
                },
            };
            await pump.RunAsync(_stopping.Token);
        }

        lock (_gate)
        {
            if (_outbox == outbox) _outbox = null;
            outbox.Close();
        }

        return connection is not null;
    }

    private void Retire(Outbox outbox)
    {
        lock (_gate)
        {
            if (_outbox != outbox || !outbox.IsIdle) return;
            _outbox = null;
            outbox.Retire();
        }
    }

    private PeerHello Hello() => new(_options.Cluster, _peer, _handler.Greet(), LinkPurpose.Bulk, _options.PeerUrls);
}
