using System.Threading.Channels;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Peers;

/// <summary>
/// Parcels for bulk links, in their order for each member, without making anybody wait. What waits is bounded by the windows of
/// the transfers.
/// </summary>
internal sealed class BulkPost(PeerNetwork network, Action<MemberId> lost) : IAsyncDisposable
{
    /// <summary>Before a transfer that could not send is told to begin again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<MemberId, (Channel<Parcel> Waiting, Task Sending)> _peers = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();

    internal void Send(MemberId to, Parcel parcel)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested) return;
            if (!_peers.TryGetValue(to, out var peer))
            {
                var waiting = Channel.CreateUnbounded<Parcel>(new UnboundedChannelOptions { SingleReader = true });
                _peers.Add(to, peer = (waiting, Task.Run(() => SendAllAsync(to, waiting.Reader))));
            }

            peer.Waiting.Writer.TryWrite(parcel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] sending;
        lock (_gate) sending = [.. _peers.Values.Select(peer => peer.Sending)];
        await Task.WhenAll(sending);
        _stopping.Dispose();
    }

    private async Task SendAllAsync(MemberId to, ChannelReader<Parcel> waiting)
    {
        try
        {
            while (await waiting.WaitToReadAsync(_stopping.Token))
            {
                while (waiting.TryRead(out var parcel))
                {
                    if (await network.SendBulkAsync(to, parcel, _stopping.Token)) continue;
                    // Without this one the others are worth nothing.
                    while (waiting.TryRead(out _)) continue;
                    await Task.Delay(Pause, _stopping.Token);
                    lost(to);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
