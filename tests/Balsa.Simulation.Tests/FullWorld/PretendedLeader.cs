using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica;
using Balsa.Simulation.FullWorld.Members;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>Says that it leads, whatever the truth is.</summary>
internal sealed class PretendedLeader(Term term, Configuration configuration) : ReplicaMachine
{
    internal override Role Role => Role.Leader;
    internal override MemberId Leader => default;
    internal override Term Term => term;
    internal override LogIndex Commit => default;
    internal override LogIndex Applied => default;
    internal override LogIndex Boundary => default;
    internal override RecoveryMode Mode => RecoveryMode.Intact;
    internal override Configuration Configuration => configuration;
    internal override long WakeAt => long.MaxValue;
    internal override bool HasWork => false;
    internal override bool HasStopped => false;
    internal override StopReason StopReason => StopReason.None;
    internal override bool WasRemoved => false;
    internal override Origin Self => default;
    internal override PublishedState Published => new(term, default, false);
    internal override string? Aside => null;

    internal override Action Woken
    {
        set => _ = value;
    }

    internal override void OnDurable(IoSeq upTo) => throw new NotSupportedException();

    internal override void TakeTurn(Inbox inbox, long now) => throw new NotSupportedException();

    internal override void Shutdown() => throw new NotSupportedException();

    internal override bool TryGetPeer(MemberId peer, out PeerStatus status) => throw new NotSupportedException();
}
