using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Replica.Hosting;

namespace Balsa.Simulation.FullWorld.Members;

/// <summary>The real replica. The only place that knows which probe looks in.</summary>
internal sealed class ProbedReplica<TProbe>(RaftReplica<TProbe> replica, RaftOptions options) : ReplicaMachine
    where TProbe : struct, IProbe
{
    private readonly PumpTurn<TProbe> _turn = new(replica, options);

    internal override Role Role => replica.Core.Role;
    internal override Term Term => replica.Core.Term;
    internal override MemberId Leader => replica.Core.Leader;
    internal override LogIndex Commit => replica.Core.Commit;
    internal override LogIndex Applied => replica.Core.Applied;
    internal override LogIndex Boundary => replica.Core.Boundary.Index;
    internal override RecoveryMode Mode => replica.Core.Mode;
    internal override Configuration Configuration => replica.Core.Configuration;
    internal override long WakeAt => _turn.WakeAt();
    internal override bool HasWork => replica.HasWork;
    internal override bool HasStopped => replica.HasStopped;
    internal override StopReason StopReason => replica.StopReason;
    internal override bool WasRemoved => replica.WasRemoved;
    internal override Origin Self => replica.Self;
    internal override PublishedState Published => replica.Published;

    internal override string? Aside => replica.Aside;
    internal override Action Woken { set => replica.Woken = value; }

    internal override void OnDurable(IoSeq upTo) => _turn.OnDurable(upTo);

    internal override void TakeTurn(Inbox inbox, long now) => _turn.Take(inbox, now);

    internal override void Shutdown() => replica.Shutdown();

    internal override bool TryGetPeer(MemberId peer, out PeerStatus status) => replica.Core.TryGetPeer(peer, out status);
}
