using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Snapshots;

/// <summary>
/// When a peer needs what the log no longer holds. The core decides who gets which snapshot and what an arrived one does
/// to the log; the bytes travel from host to host and resume where they stopped.
/// </summary>
internal static class Snapshotting
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void OfferSnapshot(Progress progress)
        {
            // To a peer that does not answer an offer is wasted; the next answer brings us back here.
            if (core.Now - progress.HeardAt >= core.ElectionTicks) return;
            core.Probe.Hit(Mark.SnapshotOffered);
            var snapshot = core.Log.Snapshot;
            progress.AwaitSnapshot(snapshot, core.Now);
            core.Send(
                new Message
                {
                    Kind = MessageKind.SnapshotOffer, To = progress.Member, Term = core.Term, Flags = core.OwnFlags,
                    Log = snapshot, Commit = core.Commit, Match = core.Log.Last.Index, Session = progress.Session,
                },
                IoSeq.Now);
            ref var effect = ref core.Effects.Add(EffectKind.StartSnapshotTransfer);
            effect.Peer = progress.Member;
            effect.Id = snapshot;
            effect.Number = progress.Session.Value;
        }

        internal void AbortTransfer(Progress progress)
        {
            ref var effect = ref core.Effects.Add(EffectKind.AbortSnapshotTransfer);
            effect.Peer = progress.Member;
            effect.Id = progress.SnapshotSent;
        }

        internal void ExpireSnapshotTransfers()
        {
            var leading = core.Leading!;
            foreach (var slot in core.Roster.All)
            {
                if (leading[slot] is not { State: ProgressState.Snapshot } progress) continue;
                if (core.Now - progress.SnapshotProgressAt < core.Options.SnapshotStall.Ticks) continue;
                core.Probe.Hit(Mark.SnapshotStalled);
                core.AbortTransfer(progress);
                progress.ProbeFrom(progress.Match.Next);
            }
        }

        internal Rejection OnTransferReport(MemberId peer, LogIndex session, bool ended)
        {
            if (core.Leading?.Find(peer) is not { State: ProgressState.Snapshot } progress || progress.Session != session)
                return Rejection.NothingUnderWay;
            progress.SnapshotProgressAt = core.Now;
            // Delivered or not, an empty append will tell how far the peer is.
            if (ended) progress.ProbeFrom(progress.SnapshotSent.Index.Next);
            return Rejection.None;
        }

        internal Rejection OnSnapshotAnswer(Progress progress, in Message message)
        {
            if (progress.State != ProgressState.Snapshot || progress.SnapshotSent != message.Log) return Rejection.AnswersNothing;
            if (!message.Has(MessageFlags.Reject)) return Rejection.AnswersNothing;
            core.Probe.Hit(Mark.SnapshotRefused);
            core.AbortTransfer(progress);
            progress.ProbeFrom(progress.Match.Next);
            // The peer could not take it now: the next attempt waits for its next heartbeat answer.
            progress.ProbeSent = true;
            return Rejection.None;
        }

        internal Rejection OnSnapshotOffer(MemberId leader, in Message message)
        {
            core.HearLeader(leader);
            var offered = message.Log;
            if (offered.Index <= core.Commit || core.Log.Holds(offered))
            {
                core.Probe.Hit(Mark.SnapshotNotNeeded);
                if (core.ContradictsCommitted(offered)) return Rejection.UnusableSnapshot;
                core.Verified = LogIndex.Larger(core.Verified, offered.Index);
                core.CommitThrough(offered.Index);
                core.AnswerSnapshot(leader, LogIndex.Larger(core.Commit, offered.Index), message.Session);
                return Rejection.None;
            }
            (core.IncomingSnapshot, core.IncomingSession) = (offered, message.Session);
            ref var effect = ref core.Effects.Add(EffectKind.ReceiveSnapshot);
            effect.Peer = leader;
            effect.Id = offered;
            return Rejection.None;
        }

        /// <summary>A snapshot is committed state. If it disagrees with what is committed here, one of the two is lost history.</summary>
        private bool ContradictsCommitted(EntryId snapshot)
        {
            if (core.Log.Look(snapshot.Index, out var term) != TermLookup.Found || term == snapshot.Term) return false;
            core.FailStop(StopReason.ConflictingSnapshot);
            return true;
        }

        /// <summary>A whole, verified snapshot is on disk beside the state. It replaces the log unless the log is ahead already.</summary>
        internal Rejection OnSnapshotArrived(EntryId snapshot, Configuration configuration)
        {
            if (core.Role == Role.Leader || snapshot.Term > core.Term || snapshot.Index > LogIndex.Max) return Rejection.UnusableSnapshot;
            if (ConfigurationRules.Check(configuration) != ConfigurationError.None) return Rejection.UnusableSnapshot;
            if (snapshot.Index <= core.Commit)
            {
                core.Probe.Hit(Mark.SnapshotArrivedLate);
                return core.ContradictsCommitted(snapshot) ? Rejection.UnusableSnapshot : Rejection.NothingUnderWay;
            }
            if (core.Log.Holds(snapshot)) core.CommitThrough(snapshot.Index);
            else core.InstallSnapshot(snapshot, configuration);
            core.Verified = LogIndex.Larger(core.Verified, snapshot.Index);
            if (!core.Leader.IsNone) core.AnswerSnapshot(core.Leader, snapshot.Index, core.IncomingSession);
            core.IncomingSnapshot = EntryId.Start;
            core.CheckRepair();
            return Rejection.None;
        }

        private void InstallSnapshot(EntryId snapshot, Configuration configuration)
        {
            core.Probe.Hit(Mark.SnapshotInstalled);
            while (core.Proposals.TryTakeNewest(uncommittedOnly: false, out var pending))
                core.Complete(pending.Correlation, Outcome.Unknown(Reason.SnapshotInstalled), pending.Id);
            core.Writes.TakeEntriesFrom(core.Commit.Next);
            core.DurableIndex = LogIndex.Smaller(core.DurableIndex, core.Commit);
            ref var install = ref core.NewStorageEffect(EffectKind.InstallSnapshot, new LogIndex(1), snapshot.Index);
            install.Id = snapshot;
            install.Configuration = configuration;
            core.Log.Reset(snapshot);
            core.Log.Snapshot = snapshot;
            core.Commit = core.ApplyIssued = snapshot.Index;
            core.Configurations.Reset(snapshot.Index, configuration);
            core.ConfigurationChanged();
            core.OnConfigurationCommitted();
            core.Effects.Add(EffectKind.RestoreSnapshot).Id = snapshot;
            core.Trace(TransitionKind.SnapshotInstalled);
        }

        /// <summary>A snapshot covers its entries like an append, and is acknowledged like one.</summary>
        private void AnswerSnapshot(MemberId leader, LogIndex covered, LogIndex session) =>
            core.AnswerCovered(leader, session, covered, Mutant.SnapshotAnsweredBeforeDurable);

        /// <summary>The host could not take the offered snapshot: no room, or it broke off.</summary>
        internal Rejection OnSnapshotRefused(EntryId snapshot)
        {
            if (core.IncomingSnapshot != snapshot || core.Leader.IsNone || core.Leader == core.Self) return Rejection.NothingUnderWay;
            core.IncomingSnapshot = EntryId.Start;
            core.Send(
                new Message
                {
                    Kind = MessageKind.SnapshotResponse, To = core.Leader, Term = core.Term, Log = snapshot,
                    Flags = core.OwnFlags | MessageFlags.Reject, Session = core.IncomingSession,
                },
                core.HardStateWritten());
            return Rejection.None;
        }
    }
}
