using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Execution;

namespace Balsa.Simulation.Nodes;

/// <summary>The real core in the real executor. The only place that knows which probe looks in.</summary>
internal sealed class ProbedMachine<TProbe>(RaftCore<TProbe> core, SimulatedNode node) : Machine
    where TProbe : struct, IProbe
{
    private readonly EffectExecutor<TProbe, SimulatedNode> _executor = new(core, node);

    internal override Role Role => core.Role;
    internal override Term Term => core.Term;
    internal override MemberId VotedFor => core.VotedFor;
    internal override MemberId Leader => core.Leader;
    internal override EntryId Last => core.Last;
    internal override LogIndex Commit => core.Commit;
    internal override LogIndex Applied => core.Applied;
    internal override LogIndex Durable => core.Durable;
    internal override RecoveryMode Mode => core.Mode;
    internal override Configuration Configuration => core.Configuration;
    internal override LogIndex ConfigurationIndex => core.ConfigurationIndex;
    internal override bool HasStopped => core.HasStopped;
    internal override long NextDeadline => core.NextDeadline;

    internal override void Run() => _executor.Run();

    internal override void SetClock(long now) => core.SetClock(now);

    internal override void AdvanceTo(long now) => core.AdvanceTo(now);

    internal override Rejection Step(
        in Origin origin, in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations) =>
        core.Step(origin, message, entries, configurations);

    internal override void Propose(ReadOnlySpan<Proposal> proposals) => core.Propose(proposals);

    internal override void Read(Correlation correlation, ReadMode mode) => core.Read(correlation, mode);

    internal override void Change(ReadOnlySpan<ConfigurationChange> changes, LogIndex expected, Correlation correlation) =>
        core.ChangeConfiguration(changes, expected, correlation);

    internal override void Transfer(MemberId target, Correlation correlation) => core.TransferLeadership(target, correlation);

    internal override void Campaign(CampaignKind kind, Correlation correlation) => core.Campaign(kind, correlation);

    internal override void SetAside(bool aside) => core.SetAside(aside);
    internal override void Resign(Correlation correlation) => core.Resign(correlation);

    internal override void OnDurable(IoSeq upTo) => _executor.OnDurable(upTo);

    internal override void OnStorageFault(StopReason fault) => core.OnStorageFault(fault);

    internal override void OnApplied(LogIndex index) => core.OnApplied(index);

    internal override void OnEntriesLoaded(MemberId peer, LogIndex first, LogIndex last, ulong bytes) =>
        core.OnEntriesLoaded(peer, first, last, bytes);

    internal override Rejection OnSnapshotCreated(EntryId snapshot) => core.OnSnapshotCreated(snapshot);

    internal override void OnSnapshotTransfer(MemberId peer, LogIndex session, bool ended) =>
        core.OnSnapshotTransfer(peer, session, ended);

    internal override void OnSnapshotArrived(EntryId snapshot, Configuration configuration) =>
        core.OnSnapshotArrived(snapshot, configuration);

    internal override void OnSnapshotRefused(EntryId snapshot) => core.OnSnapshotRefused(snapshot);

    internal override void OnPeerUnreachable(MemberId peer) => core.OnPeerUnreachable(peer);

    internal override void Shutdown() => core.Shutdown();

    internal override bool TryGetPeer(MemberId peer, out PeerStatus status) => core.TryGetPeer(peer, out status);
}
