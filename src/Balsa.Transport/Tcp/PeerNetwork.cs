using System.Net;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;

namespace Balsa.Transport.Tcp;

/// <summary>
/// All connections of one member. Links are directed: each member dials each other one and sends only on what it
/// dialled, so a network that is cut one way is cut one way.
/// </summary>
public sealed class PeerNetwork : IAsyncDisposable
{
    private readonly PeerNetworkOptions _options;
    private readonly IPeerHandler _handler;
    private readonly Dictionary<MemberId, PeerLink> _links = [];
    private readonly Lock _gate = new();
    private readonly List<Task> _ending = [];
    private PeerListener? _listener;

    public PeerNetwork(PeerNetworkOptions options, IPeerHandler handler) => (_options, _handler) = (options, handler);

    public NetworkCounters Counters { get; } = new();

    /// <summary>Where other members reach us, once listening.</summary>
    public IPEndPoint Address => _listener?.Address ?? _options.Listen;

    /// <exception cref="System.Net.Sockets.SocketException">The address is taken or not ours.</exception>
    public void Listen() => _listener = new PeerListener(_options, _handler, Counters, Nudge);

    /// <summary>Whom to reach from now on: dials the new, hangs up on the gone, redials the moved.</summary>
    public void Reach(IReadOnlyDictionary<MemberId, IPEndPoint> peers)
    {
        lock (_gate)
        {
            foreach (var (member, link) in _links)
            {
                if (peers.TryGetValue(member, out var address) && address.Equals(link.Address)) continue;
                _links.Remove(member);
                _ending.Add(link.DisposeAsync().AsTask());
            }

            foreach (var (member, address) in peers)
            {
                if (member == _options.Self || _links.ContainsKey(member)) continue;
                var link = new PeerLink(_options, member, address, _handler, Counters);
                _links.Add(member, link);
                link.Start();
            }
        }
    }

    public bool IsUp(MemberId peer)
    {
        lock (_gate) return _links.TryGetValue(peer, out var link) && link.IsUp;
    }

    /// <summary>Never blocks; what cannot be sent now is dropped and counted.</summary>
    public void Send(MemberId to, in OutgoingFrame frame)
    {
        PeerLink? link;
        lock (_gate) _links.TryGetValue(to, out link);
        if (link is not null)
        {
            link.Send(frame);
            return;
        }

        Counters.CountDropped();
        frame.Release();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            foreach (var link in _links.Values) _ending.Add(link.DisposeAsync().AsTask());
            _links.Clear();
        }

        if (_listener is not null) await _listener.DisposeAsync();
        await Task.WhenAll(_ending);
    }

    private void Nudge(MemberId peer)
    {
        lock (_gate)
        {
            if (_links.TryGetValue(peer, out var link)) link.Nudge();
        }
    }
}
