using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Tcp.Streams;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>
/// The way to one peer for what must not wait: dialled by us, used only for sending, dialled again with growing pauses.
/// While it is down frames are dropped at once, so a peer that comes back is not greeted with yesterday's messages.
/// </summary>
internal sealed class ConsensusLink : IAsyncDisposable
{
    private readonly PeerNetworkOptions _options;
    private readonly MemberId _peer;
    private readonly IPeerHandler _handler;
    private readonly NetworkCounters _counters;
    private readonly Caller _caller;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private Outbox? _outbox;

    internal ConsensusLink(
        PeerNetworkOptions options, MemberId peer, IReadOnlyList<EndPoint> addresses, IPeerHandler handler, NetworkCounters counters)
    {
        (_options, _peer, _handler, _counters, _backoff) = (options, peer, handler, counters, new Backoff(options));
        _caller = new Caller(options, peer, LinkPurpose.Consensus, addresses, counters)
        {
            OnRefused = verdict => handler.BeRefused(peer, verdict),
        };
        _running = Task.Run(RunAsync);
    }

    internal bool IsUp => Volatile.Read(ref _outbox) is not null;

    /// <summary>False when the frame was dropped.</summary>
    internal bool Send(in OutgoingFrame frame)
    {
        if (Volatile.Read(ref _outbox) is { } outbox && outbox.TryAdd(frame)) return true;
        _counters.CountDropped();
        frame.Release();
        return false;
    }

    /// <summary>The peer has just called us, so it can be called: a restarted member must not wait for our back-off.</summary>
    internal void Nudge()
    {
        if (!IsUp) _backoff.Nudge();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        _backoff.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var connection = await _caller.CallAsync(Hello, _stopping.Token);
                if (connection is not null) await SendAllAsync(connection);
                await _backoff.WaitAsync(worked: connection is not null, _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The network ends, or the peer is not one of ours any more.
        }
    }

    private PeerHello Hello() => new(_options.Cluster, _peer, _handler.Greet(), LinkPurpose.Consensus, _options.PeerUrls);

    private async Task SendAllAsync(PeerConnection connection)
    {
        var outbox = new Outbox(_options.OutboxFramesMax, _options.OutboxBytesMax);
        Volatile.Write(ref _outbox, outbox);
        await new LinkPump(_options, _counters, connection, outbox, rate: null).RunAsync(_stopping.Token);
        Volatile.Write(ref _outbox, null);
        if (!_stopping.IsCancellationRequested) _handler.Lose(_peer);
    }
}
