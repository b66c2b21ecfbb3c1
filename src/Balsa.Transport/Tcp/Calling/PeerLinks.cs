using System.Net;
using Balsa.Raft.Identity;

namespace Balsa.Transport.Tcp.Calling;

/// <summary>The two ways to one peer.</summary>
internal sealed class PeerLinks(
    PeerNetworkOptions options, MemberId peer, IReadOnlyList<EndPoint> addresses, IPeerHandler handler, NetworkCounters counters,
    TokenBucket bulkRate) : IAsyncDisposable
{
    internal IReadOnlyList<EndPoint> Addresses => addresses;

    internal ConsensusLink Consensus { get; } = new(options, peer, addresses, handler, counters);

    internal BulkLink Bulk { get; } = new(options, peer, addresses, handler, counters, bulkRate);

    /// <summary>The peer has just called us, so it can be called.</summary>
    internal void Nudge() => Consensus.Nudge();

    public async ValueTask DisposeAsync()
    {
        await Consensus.DisposeAsync();
        await Bulk.DisposeAsync();
    }
}
