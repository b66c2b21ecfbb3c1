using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>A replica, whatever probe it was built with. One life of one node.</summary>
internal abstract class ReplicaMachine
{
    internal abstract Role Role { get; }
    internal abstract Term Term { get; }
    internal abstract MemberId Leader { get; }
    internal abstract LogIndex Commit { get; }
    internal abstract LogIndex Applied { get; }
    internal abstract LogIndex Boundary { get; }
    internal abstract RecoveryMode Mode { get; }
    internal abstract Configuration Configuration { get; }
    internal abstract long WakeAt { get; }
    internal abstract bool HasWork { get; }
    internal abstract bool HasStopped { get; }
    internal abstract StopReason StopReason { get; }
    internal abstract bool WasRemoved { get; }
    internal abstract Origin Self { get; }
    internal abstract PublishedState Published { get; }
    internal abstract string? Aside { get; }
    internal abstract Action Woken { set; }
    internal abstract void OnDurable(IoSeq upTo);
    internal abstract void TakeTurn(Inbox inbox, long now);
    internal abstract void Shutdown();
    internal abstract bool TryGetPeer(MemberId peer, out PeerStatus status);
}
