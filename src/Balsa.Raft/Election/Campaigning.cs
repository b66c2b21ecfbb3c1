using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Election;

/// <summary>Why an election is held.</summary>
public enum CampaignKind : byte
{
    /// <summary>Asks with a pre-vote first and yields to a live leader.</summary>
    Ordinary = 0,

    /// <summary>A controller insists. Needs the cluster's setting AllowForcedCampaign.</summary>
    Forced,
}

/// <summary>Standing for election: on time-out, on the leader's word, or because an operator asks.</summary>
internal static class Campaigning
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>Anew and differently each time, or two candidates could go on splitting the vote.</summary>
        internal void ResetElectionTimer() =>
            core.ElectionAt = core.Now + core.ElectionTicks
                + core.Random.Below(core.Probe.Plants(Mutant.LegalLongerElectionTimeout) ? 3 * core.ElectionTicks : core.ElectionTicks);

        internal bool MayLead()
        {
            if (core.Mode != RecoveryMode.Intact && !core.Probe.Plants(Mutant.RepairingMemberLeads)) return false;
            if (core.Term >= Term.Max) return false;
            return core.SelfVotes || core.MayBeNeeded()
                || (core.Probe.Plants(Mutant.LearnerCampaigns) && core.Roster.SlotOf(core.Self) >= 0);
        }

        /// <summary>
        /// Our newest configuration leaves us out, and we do not know it committed (dissertation, 4.2.2): we may be the only
        /// one whose log is complete enough to win, and the others may still need our log by the configuration before.
        /// </summary>
        private bool MayBeNeeded()
        {
            var latest = core.Configurations.LatestIndex;
            if (latest <= core.Commit) return false;
            var before = core.Configurations.At(latest.Previous);
            return before.IsVoter(core.Self) && before.Find(core.Self)?.Incarnation == core.Options.Incarnation;
        }

        internal void OnElectionTimeout()
        {
            core.ResetElectionTimer();
            core.FailCampaign(Reason.TimedOut);
            if (!core.MayLead()) return;
            if (core.IsUnfit)
            {
                core.Probe.Hit(Mark.SlowDiskKeepsFromStanding);
                return;
            }
            core.Campaign(CampaignKind.Ordinary);
        }

        internal void Campaign(CampaignKind kind)
        {
            if (kind == CampaignKind.Forced) core.StandForElection(MessageFlags.Forced);
            else if (core.Options.PreVote) core.AskBeforeStanding();
            else core.StandForElection(MessageFlags.None);
        }

        internal void StandForElection(MessageFlags flags)
        {
            core.Role = Role.Candidate;
            core.Leader = MemberId.None;
            // What a leader of this term promised to commit may be cut in the next: those reads are asked again.
            core.ReadsToApply.GiveBackBeyond(core.Commit, core.FollowerReads);
            core.SetHardState(core.Term.Next(), core.Self);
            core.Verified = LogIndex.Zero;
            core.CampaignNumber++;
            var standing = core.Standing = new Candidacy(flags);
            standing.OwnVote = core.HardStateWritten();
            core.ResetElectionTimer();
            core.Trace(TransitionKind.BecameCandidate);
            core.AnnounceRole();
            // Asking before the own vote is on disk could end in two votes of ours in this term.
            var after = core.Probe.Plants(Mutant.VoteRequestBeforeDurable) ? IoSeq.Now : standing.OwnVote;
            core.AskVoters(MessageKind.Vote, core.Term, flags, after);
            if (core.Probe.Plants(Mutant.OwnVoteCountsBeforeDurable) && core.Roster.SlotOf(core.Self) is >= 0 and var slot)
            {
                standing.Yes = standing.Yes.With(slot);
                core.CheckElection();
            }
        }

        private void AskBeforeStanding()
        {
            core.Role = Role.PreCandidate;
            core.Leader = MemberId.None;
            core.CampaignNumber++;
            var standing = core.Standing = new Candidacy(MessageFlags.None);
            core.ResetElectionTimer();
            core.Trace(TransitionKind.BecamePreCandidate);
            core.AnnounceRole();
            core.AskVoters(MessageKind.PreVote, core.Term.Next(), MessageFlags.None, core.HardStateWritten());
            if (core.Roster.SlotOf(core.Self) is >= 0 and var slot) standing.Yes = standing.Yes.With(slot);
            core.CheckElection();
        }

        private void AskVoters(MessageKind kind, Term term, MessageFlags flags, IoSeq after)
        {
            foreach (var slot in core.Quorum.Voters)
            {
                var voter = core.Roster.IdOf(slot);
                if (voter == core.Self) continue;
                core.Send(
                    new Message
                    {
                        Kind = kind, To = voter, Term = term, Log = core.Log.Last, Flags = flags | core.OwnFlags,
                        Context = new ReadContext(core.Options.Boot, core.CampaignNumber),
                    },
                    after);
            }
        }

        internal void FailCampaign(Reason reason)
        {
            core.Complete(core.CampaignCorrelation, Outcome.NotDone(reason));
            core.CampaignCorrelation = Correlation.None;
        }
    }
}
