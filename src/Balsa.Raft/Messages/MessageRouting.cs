using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Replication;
using Balsa.Raft.Snapshots;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Messages;

/// <summary>The whole protocol at a glance: terms first, then one handler a kind.</summary>
internal static class MessageRouting
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Rejection Route(
            in Origin origin, in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            var from = origin.Member;
            if (AsksForVotes(message.Kind) && core.Roster.SlotOf(from) < 0 && core.Configurations.At(core.Commit).WasRemoved(from))
            {
                core.TellRemoved(from, message);
                return Rejection.RemovedSender;
            }
            var byTerm = core.CompareTerms(from, message);
            if (byTerm != Rejection.None) return byTerm;
            return IsResponse(message.Kind)
                ? core.RouteResponse(origin, message)
                : core.RouteRequest(from, message, entries, configurations);
        }

        /// <summary>A newer term is adopted before anything else; an older one is told the news and ignored.</summary>
        private Rejection CompareTerms(MemberId from, in Message message)
        {
            if (message.Term < core.Term)
            {
                // Pre-votes change no terms: theirs are compared where they are decided and counted.
                if (message.Kind is MessageKind.PreVote or MessageKind.PreVoteResponse) return Rejection.None;
                // Those who removed us do not adopt the term we stand in, and we must hear of it all the same.
                if (message.Kind == MessageKind.VoteResponse && message.Has(MessageFlags.Removed)) return Rejection.None;
                core.TellTerm(from, message);
                return core.StaleUnlessPlanted(message);
            }
            if (message.Term == core.Term) return Rejection.None;
            if (message.Kind == MessageKind.PreVote) return Rejection.None;
            if (message.Kind == MessageKind.PreVoteResponse && !message.Has(MessageFlags.Reject)) return Rejection.None;
            if (message.Kind == MessageKind.Vote && core.MustStayWithLeader(message))
            {
                core.Probe.Hit(Mark.VoteRefusedForLiveLeader);
                return Rejection.LeaderIsAlive;
            }
            core.BecomeFollower(message.Term, LeaderOf(from, message.Kind));
            return Rejection.None;
        }

        private Rejection StaleUnlessPlanted(in Message message)
        {
            if (message.Kind == MessageKind.AppendResponse && core.Probe.Plants(Mutant.StaleTermReplyCounts)) return Rejection.None;
            if (message.Kind == MessageKind.VoteResponse && core.Probe.Plants(Mutant.StaleVoteCounts)) return Rejection.None;
            core.Probe.Hit(Mark.StaleTermIgnored);
            return Rejection.StaleTerm;
        }

        /// <summary>A leader of an earlier term, or a candidate for one, learns from our refusal that its time is over.</summary>
        private void TellTerm(MemberId from, in Message message)
        {
            var kind = message.Kind switch
            {
                MessageKind.Append => MessageKind.AppendResponse,
                MessageKind.Heartbeat => MessageKind.HeartbeatResponse,
                MessageKind.SnapshotOffer => MessageKind.SnapshotResponse,
                MessageKind.Vote => MessageKind.VoteResponse,
                MessageKind.ReadIndex => MessageKind.ReadIndexResponse,
                _ => default,
            };
            if (kind == default) return;
            core.Send(
                new Message
                {
                    Kind = kind, To = from, Term = core.Term, Flags = core.OwnFlags | MessageFlags.Reject,
                    Session = message.Session, Context = message.Context, Match = message.Log.Index,
                },
                core.HardStateWritten());
        }

        private Rejection RouteRequest(
            MemberId from, in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            if (SpeaksAsLeader(message.Kind) && core.IsSecondLeader(from)) return Rejection.SecondLeaderInTerm;
            switch (message.Kind)
            {
                case MessageKind.PreVote: core.OnPreVote(from, message); return Rejection.None;
                case MessageKind.Vote: core.OnVote(from, message); return Rejection.None;
                case MessageKind.Append: core.OnAppend(from, message, entries, configurations); return Rejection.None;
                case MessageKind.Heartbeat: return core.OnHeartbeat(from, message);
                case MessageKind.SnapshotOffer: return core.OnSnapshotOffer(from, message);
                case MessageKind.TimeoutNow: return core.OnTimeoutNow(from);
                case MessageKind.ReadIndex: core.OnReadIndexRequest(from, message); return Rejection.None;
                default: Invariant.Broken("every request kind has a handler"); return Rejection.UnknownKind;
            }
        }

        /// <summary>Two leaders in one term: forged, or a disk forgot a vote. Nothing said after this can be trusted.</summary>
        private bool IsSecondLeader(MemberId from)
        {
            if (core.Leader.IsNone || core.Leader == from) return false;
            core.FailStop(StopReason.SecondLeaderInTerm);
            return true;
        }

        private Rejection RouteResponse(in Origin origin, in Message message)
        {
            var slot = core.Roster.SlotOf(origin.Member);
            if (slot < 0) return Rejection.UnknownResponder;
            if (message.Kind is MessageKind.PreVoteResponse or MessageKind.VoteResponse) return core.OnVoteAnswer(slot, message);
            if (message.Kind == MessageKind.ReadIndexResponse) return core.OnReadIndexAnswer(message);
            if (core.Leading?[slot] is not { } progress) return Rejection.AnswersNothing;
            if (message.Session != progress.Session && !core.Probe.Plants(Mutant.StaleSessionCounts))
            {
                core.Probe.Hit(Mark.StaleSessionIgnored);
                return Rejection.StaleSession;
            }
            core.Hear(progress, origin, message);
            switch (message.Kind)
            {
                case MessageKind.AppendResponse: return core.OnAppendAnswer(progress, message);
                case MessageKind.HeartbeatResponse:
                    core.OnHeartbeatAnswer(progress, message);
                    return core.OnRoundConfirmed(progress, message.Context);
                case MessageKind.SnapshotResponse: return core.OnSnapshotAnswer(progress, message);
                default: Invariant.Broken("every response kind has a handler"); return Rejection.UnknownKind;
            }
        }

        /// <summary>Whatever a peer answers shows that it is alive, and how well.</summary>
        private void Hear(Progress progress, in Origin origin, in Message message)
        {
            progress.HeardAt = core.Now;
            // A learner that was emptied before the configuration bound its directory.
            if (!progress.Incarnation.IsNotStarted && progress.Incarnation != origin.Incarnation) progress.ForgetMatch();
            progress.Incarnation = origin.Incarnation;
            progress.FeatureLevel = origin.FeatureLevel;
            progress.DiskSlow = message.Has(MessageFlags.DiskSlow);
            var notCounted = message.Has(MessageFlags.NotCounted);
            if (!notCounted && !progress.NotCounted) return;
            if (notCounted != progress.NotCounted) core.Probe.Hit(notCounted ? Mark.PeerRepairs : Mark.PeerRepaired);
            progress.SetNotCounted(notCounted, origin.Boot);
            core.Leading!.CountWanted = true;
        }
    }

    private static bool AsksForVotes(MessageKind kind) => kind is MessageKind.PreVote or MessageKind.Vote;

    private static bool SpeaksAsLeader(MessageKind kind) =>
        kind is MessageKind.Append or MessageKind.Heartbeat or MessageKind.SnapshotOffer;

    private static bool IsResponse(MessageKind kind) => kind is
        MessageKind.PreVoteResponse or MessageKind.VoteResponse or MessageKind.AppendResponse or MessageKind.HeartbeatResponse
        or MessageKind.SnapshotResponse or MessageKind.ReadIndexResponse;

    /// <summary>Appends, heartbeats and offers of a newer term come from its leader; a vote request's sender only hopes to be.</summary>
    private static MemberId LeaderOf(MemberId from, MessageKind kind) => SpeaksAsLeader(kind) ? from : MemberId.None;
}
