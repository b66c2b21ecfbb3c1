using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;

namespace Balsa.Raft.Election;

/// <summary>Counts votes: only explicit grants, only of this campaign, only once a voter.</summary>
internal static class VoteResponseHandler
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Rejection OnVoteAnswer(int slot, in Message message)
        {
            var ofThisCampaign = message.Context.Boot == core.Options.Boot && message.Context.Number == core.CampaignNumber;
            // Also after the campaign: the term of this very answer may have ended it.
            if (ofThisCampaign && message.Has(MessageFlags.Removed)) core.Effects.Add(EffectKind.RemovedFromCluster).Peer = core.Self;
            var role = message.Kind == MessageKind.PreVoteResponse ? Role.PreCandidate : Role.Candidate;
            if (core.Role != role || core.Standing is not { } standing) return Rejection.AnswersNothing;
            if (!ofThisCampaign && !core.Probe.Plants(Mutant.StaleVoteCounts))
            {
                core.Probe.Hit(Mark.VoteOfEarlierCampaignIgnored);
                return Rejection.AnswersNothing;
            }
            var refused = message.Has(MessageFlags.Reject) && !core.Probe.Plants(Mutant.RefusedVoteCounts);
            if (refused) standing.No = standing.No.With(slot); else standing.Yes = standing.Yes.With(slot);
            core.CheckElection();
            return Rejection.None;
        }

        /// <summary>The own vote counts like any other: when it is on disk.</summary>
        internal void CountOwnVote()
        {
            if (core.Role != Role.Candidate || core.Standing is not { } standing) return;
            if (core.DurableIo < standing.OwnVote || core.Roster.SlotOf(core.Self) is not (>= 0 and var slot)) return;
            if (standing.Yes.Contains(slot)) return;
            standing.Yes = standing.Yes.With(slot);
            core.CheckElection();
        }

        internal void CheckElection()
        {
            var standing = core.Standing!;
            var quorum = core.Quorum;
            if (core.Probe.Plants(Mutant.ElectionIgnoresOutgoing)) quorum = new(quorum.Incoming, default);
            if (quorum.IsReachedBy(standing.Yes))
            {
                if (core.Role == Role.PreCandidate) core.StandForElection(standing.Flags); else core.BecomeLeader();
            }
            else if (quorum.IsLostBy(standing.No))
            {
                core.Probe.Hit(Mark.ElectionLost);
                core.BecomeFollower(core.Term, MemberId.None);
            }
        }
    }
}
