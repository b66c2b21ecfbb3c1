using Balsa.Raft.Core;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Election;

/// <summary>Answers "will you vote for me?" and "would you?".</summary>
internal static class VoteRequestHandler
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>A live leader is followed and not replaced, unless it asked for it itself or an operator may force it.</summary>
        internal bool MustStayWithLeader(in Message message)
        {
            if (message.Has(MessageFlags.Transfer)) return false;
            if (message.Has(MessageFlags.Forced) && core.Configuration.Settings.AllowForcedCampaign) return false;
            return core.LeaderIsAlive();
        }

        internal bool LeaderIsAlive()
        {
            if (!core.Options.CheckQuorum || core.Probe.Plants(Mutant.NoStickiness)) return false;
            return core.Role == Role.Leader || core.Now - core.LeaderHeardAt < core.ElectionTicks;
        }

        internal void OnPreVote(MemberId candidate, in Message message)
        {
            var decision = VoteRules.OnPreVote(core.AsVoter(), core.LeaderIsAlive(), message.Term, message.Log);
            if (core.Probe.Plants(Mutant.PreVoteIgnoresLog) && decision == VoteDecision.LogIsBehind) decision = VoteDecision.Grant;
            if (decision == VoteDecision.LeaderIsKnown) core.Probe.Hit(Mark.PreVoteRefusedForLiveLeader);
            if (core.Probe.Plants(Mutant.PreVoteAdoptsTerm) && message.Term > core.Term) core.BecomeFollower(message.Term, MemberId.None);
            var granted = decision == VoteDecision.Grant;
            if (!granted && message.Term == core.Term.Next() && core.Probe.Plants(Mutant.LegalSilentPreVoteRefusal)) return;
            core.Send(
                new Message
                {
                    Kind = MessageKind.PreVoteResponse, To = candidate, Context = message.Context,
                    // A refusal carries our term, so that a candidate left behind can catch up with it.
                    Term = granted ? message.Term : core.Term,
                    Flags = core.OwnFlags | (granted ? MessageFlags.None : MessageFlags.Reject),
                },
                core.HardStateWritten());
        }

        internal void OnVote(MemberId candidate, in Message message)
        {
            var decision = VoteRules.OnVote(core.AsVoter(), candidate, message.Term, message.Log);
            if (decision == VoteDecision.LogIsBehind)
            {
                core.Probe.Hit(Mark.VoteRefusedForLogBehind);
                if (core.Probe.Plants(Mutant.VoteIgnoresLog)) decision = VoteDecision.Grant;
                if (core.Probe.Plants(Mutant.VoteComparesLengthOnly) && message.Log.Index >= core.Log.Last.Index)
                    decision = VoteDecision.Grant;
            }
            if (core.Probe.Plants(Mutant.VoteTwice) && decision == VoteDecision.AlreadyVoted) decision = VoteDecision.Grant;
            if (core.Probe.Plants(Mutant.LegalNeverVotesInSameTermTwice) && core.VotedFor == candidate)
                decision = VoteDecision.AlreadyVoted;
            var granted = decision == VoteDecision.Grant;
            if (granted)
            {
                if (core.VotedFor != candidate) core.SetHardState(core.Term, candidate);
                core.ResetElectionTimer();
            }
            // A vote that leaves before it is on disk could be given again after a crash.
            var after = core.HardStateWritten();
            if (core.Probe.Plants(Mutant.VoteSentBeforeDurable)) after = Effects.IoSeq.Now;
            core.Send(
                new Message
                {
                    Kind = MessageKind.VoteResponse, To = candidate, Term = core.Term, Context = message.Context,
                    Flags = core.OwnFlags | (granted ? MessageFlags.None : MessageFlags.Reject),
                },
                after);
        }

        /// <summary>Somebody a committed configuration removed stands for election: tell it, so that it can stop.</summary>
        internal void TellRemoved(MemberId candidate, in Message message)
        {
            core.Probe.Hit(Mark.RemovedCandidateTold);
            var kind = message.Kind == MessageKind.PreVote ? MessageKind.PreVoteResponse : MessageKind.VoteResponse;
            core.Send(
                new Message
                {
                    Kind = kind, To = candidate, Term = core.Term, Context = message.Context,
                    Flags = core.OwnFlags | MessageFlags.Reject | MessageFlags.Removed,
                },
                core.HardStateWritten());
        }

        private Voter AsVoter() => new(
            core.Term, core.VotedFor, core.Leader, core.Log.Last,
            MayVote: core.Mode == RecoveryMode.Intact || core.Probe.Plants(Mutant.RepairingMemberVotes));
    }
}
