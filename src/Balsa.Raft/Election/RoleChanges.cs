using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Raft.Reads;
using Balsa.Raft.Replication;
using Balsa.Raft.Snapshots;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Election;

/// <summary>The ways into and out of leadership.</summary>
internal static class RoleChanges
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>Follows <paramref name="leader"/>, or nobody yet. The vote of a term outlives the role.</summary>
        internal void BecomeFollower(Term term, MemberId leader)
        {
            Invariant.Check(term >= core.Term);
            var wasFollower = core.Role == Role.Follower;
            var news = core.Role != Role.Follower || core.Leader != leader || term > core.Term;
            if (core.Role == Role.Leader) core.EndReign();
            if (term > core.Term) core.ReadsToApply.GiveBackBeyond(core.Commit, core.FollowerReads);
            if (term > core.Term) core.SetHardState(term, MemberId.None);
            else if (core.Role == Role.Candidate && core.Probe.Plants(Mutant.VoteForgottenOnStepDown))
                core.SetHardState(term, MemberId.None);
            core.Role = Role.Follower;
            core.Standing = null;
            if (!news) return;
            core.Leader = leader;
            core.Verified = LogIndex.Zero;
            core.ForgetRepairTarget();
            // Hearing of a newer term is no reason to wait longer: hopeless candidates could keep the only one that can win
            // from ever standing. Only a leader, a granted vote or the end of another role starts the wait anew.
            if (!wasFollower || !leader.IsNone) core.ResetElectionTimer();
            core.Trace(TransitionKind.BecameFollower, leader.Value);
            core.AnnounceRole();
            core.FailCampaign(leader.IsNone ? Reason.ElectionLost : Reason.AnotherLeader);
            core.ResolveHandOver();
        }

        internal void BecomeLeader()
        {
            Invariant.Check(core.Role == Role.Candidate);
            core.Role = Role.Leader;
            core.Leader = core.Self;
            core.Standing = null;
            core.Leading = new LeaderState(core.Log.Last.Index.Next, core.RoundNumber, core.Now);
            foreach (var slot in core.Roster.All) core.SeatPeer(slot);
            core.Trace(TransitionKind.BecameLeader);
            core.AnnounceRole();
            core.AppendOwn(EntryKind.Noop);
            core.Complete(core.CampaignCorrelation, Outcome.Done);
            core.CampaignCorrelation = Correlation.None;
            core.ResolveHandOver();
        }

        internal void StepDown(Mark why)
        {
            core.Probe.Hit(why);
            core.Trace(TransitionKind.SteppedDown);
            core.BecomeFollower(core.Term, MemberId.None);
        }

        /// <summary>The slot's member starts from an unknown log, as every peer does for a new leader.</summary>
        internal void SeatPeer(int slot)
        {
            var member = core.Roster.IdOf(slot);
            if (member == core.Self)
            {
                core.Leading!.Seat(slot, null);
                return;
            }
            var window = new InflightWindow(core.Options.InflightMessagesMax, core.Options.InflightBytesMax);
            var progress = new Progress(member, core.Roster.SessionOf(slot), window)
            {
                HeardAt = core.Now, Incarnation = core.Roster.IncarnationOf(slot),
            };
            progress.ProbeFrom(core.Log.Last.Index.Next);
            core.Leading!.Seat(slot, progress);
        }

        /// <summary>Everyone who waits gets an answer. What is appended may still be committed by the next leader: unknown.</summary>
        private void EndReign()
        {
            var leading = core.Leading!;
            core.Leading = null;
            core.RoundNumber = leading.Rounds.Started;
            var lost = core.Probe.Plants(Mutant.LostAnsweredAsNotDone)
                ? Outcome.NotDone(Reason.LeadershipLost) : Outcome.Unknown(Reason.LeadershipLost);
            while (core.Proposals.TryTakeNewest(uncommittedOnly: true, out var pending))
            {
                if (!pending.Correlation.IsNone) core.Probe.Hit(Mark.ProposalLeftUnknown);
                core.Complete(pending.Correlation, lost, pending.Id);
            }
            core.Complete(leading.ChangeCorrelation, Outcome.Unknown(Reason.LeadershipLost));
            core.RefuseLeaderReads(leading.Rounds);
            foreach (var slot in core.Roster.All)
                if (leading[slot] is { State: ProgressState.Snapshot } progress) core.AbortTransfer(progress);
            core.HandedOver = leading.Transfer;
        }
    }
}
