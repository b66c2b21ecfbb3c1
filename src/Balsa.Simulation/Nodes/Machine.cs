using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;

namespace Balsa.Simulation.Nodes;

/// <summary>A core in its executor, whatever probe it was built with. One boot of one node.</summary>
internal abstract class Machine
{
    internal abstract Role Role { get; }
    internal abstract Term Term { get; }
    internal abstract MemberId VotedFor { get; }
    internal abstract MemberId Leader { get; }
    internal abstract EntryId Last { get; }
    internal abstract LogIndex Commit { get; }
    internal abstract LogIndex Applied { get; }
    internal abstract LogIndex Durable { get; }
    internal abstract RecoveryMode Mode { get; }
    internal abstract Configuration Configuration { get; }
    internal abstract LogIndex ConfigurationIndex { get; }
    internal abstract bool HasStopped { get; }
    internal abstract long NextDeadline { get; }

    internal abstract void Run();
    internal abstract void SetClock(long now);
    internal abstract void AdvanceTo(long now);
    internal abstract Rejection Step(
        in Origin origin, in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations);
    internal abstract void Propose(ReadOnlySpan<Proposal> proposals);
    internal abstract void Read(Correlation correlation, ReadMode mode);
    internal abstract void Change(ReadOnlySpan<ConfigurationChange> changes, LogIndex expected, Correlation correlation);
    internal abstract void Transfer(MemberId target, Correlation correlation);
    internal abstract void Campaign(CampaignKind kind, Correlation correlation);
    internal abstract void SetAside(bool aside);
    internal abstract void Resign(Correlation correlation);
    internal abstract void OnDurable(IoSeq upTo);
    internal abstract void OnStorageFault(StopReason fault);
    internal abstract void OnApplied(LogIndex index);
    internal abstract void OnEntriesLoaded(MemberId peer, LogIndex first, LogIndex last, ulong bytes);
    internal abstract Rejection OnSnapshotCreated(EntryId snapshot);
    internal abstract void OnSnapshotTransfer(MemberId peer, LogIndex session, bool ended);
    internal abstract void OnSnapshotArrived(EntryId snapshot, Configuration configuration);
    internal abstract void OnSnapshotRefused(EntryId snapshot);
    internal abstract void OnPeerUnreachable(MemberId peer);
    internal abstract void Shutdown();
    internal abstract bool TryGetPeer(MemberId peer, out PeerStatus status);
}
