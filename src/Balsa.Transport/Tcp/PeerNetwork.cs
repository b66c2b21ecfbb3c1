using System.Net;
using System.Net.Sockets;
using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Transport.Codec;
using Balsa.Transport.Codec.Parcels;
using Balsa.Transport.Tcp.Answering;
using Balsa.Transport.Tcp.Calling;

namespace Balsa.Transport.Tcp;

/// <summary>
/// All connections of one member. Links are directed: each member dials each other one and sends only on what it
/// dialled, so a network that is cut one way is cut one way. There are two of them, so that a snapshot never delays a
/// heartbeat.
/// </summary>
public sealed class PeerNetwork : IAsyncDisposable
{
    private readonly PeerNetworkOptions _options;
    private readonly IPeerHandler _handler;
    private readonly IncomingCalls _calls;
    private readonly TokenBucket _bulkRate;
    private readonly Dictionary<MemberId, PeerLinks> _links = [];
    private readonly Lock _gate = new();
    private readonly List<Task> _ending = [];
    private PeerListener? _listener;
    private int _isDisposed;

    public PeerNetwork(PeerNetworkOptions options, IPeerHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _handler, _bulkRate) = (options, handler, new TokenBucket(options.BulkBytesPerSecond));
        _calls = new IncomingCalls(options, handler, Counters, Nudge);
    }

    public NetworkCounters Counters { get; } = new();

    /// <summary>Where other members reach us, once listening.</summary>
    public IPEndPoint Address => _listener?.Address ?? _options.Listen;

    /// <summary>How many members' links are open to us now; strangers are not counted.</summary>
    public int Connections => _calls.Members;

    /// <summary>How many callers have not said who they are yet.</summary>
    public int Strangers => _calls.Strangers;

    /// <summary>Opens a port of our own. Where one port serves all, use <see cref="Serve"/> instead.</summary>
    /// <exception cref="SocketException">The address is taken or not ours.</exception>
    public void Listen() => _listener = new PeerListener(_options, _calls.Serve);

    /// <summary>
    /// Takes over a connection that somebody else accepted and found to be a member's by its first byte
    /// (<see cref="PeerPreamble"/>). That byte must still be there to read.
    /// </summary>
    public void Serve(Socket accepted) => _calls.Serve(accepted);

    /// <summary>Whom to reach from now on: dials the new, hangs up on the gone, redials the moved.</summary>
    /// <param name="peers">For each its addresses (<see cref="IPEndPoint"/> or <see cref="DnsEndPoint"/>), tried in turn.</param>
    public void Reach(IReadOnlyDictionary<MemberId, IReadOnlyList<EndPoint>> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        lock (_gate)
        {
            foreach (var (member, links) in _links)
            {
                if (peers.TryGetValue(member, out var addresses) && links.Addresses.SequenceEqual(addresses)) continue;
                _links.Remove(member);
                _ending.RemoveAll(task => task.IsCompleted);
                _ending.Add(links.DisposeAsync().AsTask());
            }

            foreach (var (member, addresses) in peers)
            {
                if (member == _options.Self || _links.ContainsKey(member)) continue;
                _links.Add(member, new PeerLinks(_options, member, [.. addresses], _handler, Counters, _bulkRate));
            }
        }
    }

    /// <summary>Ends the calls that a member has made to us, so that it calls again and is judged anew.</summary>
    public void HangUp(MemberId member) => _calls.HangUp(member);

    public bool IsUp(MemberId peer) => LinksOf(peer)?.Consensus.IsUp ?? false;

    /// <summary>Never blocks; what cannot be sent now is dropped and counted.</summary>
    public void Send(MemberId to, in OutgoingFrame frame)
    {
        if (LinksOf(to) is { } links) links.Consensus.Send(frame);
        else Drop(frame);
    }

    /// <summary>A parcel of the consensus link. Never blocks; false when it was dropped, or is larger than a frame may be.</summary>
    public bool Send(MemberId to, Parcel parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        Invariant.Check(parcel.Link == LinkPurpose.Consensus);
        if (Fits(parcel) && LinksOf(to) is { } links) return links.Consensus.Send(ParcelCodec.Write(parcel, _options.Group));
        Counters.CountDropped();
        return false;
    }

    /// <summary>
    /// A parcel of the bulk link, which is dialled when needed. Waits for a connection, and for room. True when it is on its
    /// way; false when the peer cannot be reached now, or the parcel is larger than a frame may be.
    /// </summary>
    public ValueTask<bool> SendBulkAsync(MemberId to, Parcel parcel, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        Invariant.Check(parcel.Link == LinkPurpose.Bulk);
        if (Fits(parcel) && LinksOf(to) is { } links) return links.Bulk.SendAsync(ParcelCodec.Write(parcel, _options.Group), stop);
        Counters.CountDropped();
        return new ValueTask<bool>(false);
    }

    /// <summary>Asks whoever listens at one of the addresses about founding, or brings it the record.</summary>
    public Task<FoundingReply> AskAsync(IReadOnlyList<EndPoint> addresses, uint featureLevel, Parcel asked, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(asked);
        Invariant.Check(asked.Link == LinkPurpose.Founding);
        return new FoundingCall(_options, Counters).AskAsync(addresses, featureLevel, asked, stop);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        lock (_gate)
        {
            foreach (var links in _links.Values) _ending.Add(links.DisposeAsync().AsTask());
            _links.Clear();
        }

        if (_listener is not null) await _listener.DisposeAsync();
        await _calls.DisposeAsync();
        await Task.WhenAll(_ending);
    }

    private bool Fits(Parcel parcel) => ParcelCodec.FrameBytes(parcel) - FrameHeader.Bytes <= _options.BodyBytesMax;

    private void Drop(in OutgoingFrame frame)
    {
        Counters.CountDropped();
        frame.Release();
    }

    private PeerLinks? LinksOf(MemberId peer)
    {
        lock (_gate) return _links.GetValueOrDefault(peer);
    }

    private void Nudge(MemberId peer) => LinksOf(peer)?.Nudge();
}
