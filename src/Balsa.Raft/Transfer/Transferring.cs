using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Transfer;

/// <summary>Hands leadership to a chosen voter (dissertation, 3.10): let it catch up, say "campaign now", step aside.</summary>
internal static class Transferring
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void BeginTransfer(MemberId target, Correlation correlation)
        {
            var refusal = core.WhyNotTransferTo(target);
            if (refusal != Reason.None)
            {
                core.Complete(correlation, Outcome.NotDone(refusal));
                return;
            }
            core.Leading!.Transfer = new LeadershipTransfer(target, correlation, core.Term, core.Now + core.ElectionTicks);
            core.ContinueTransfer(core.Leading.Find(target)!);
        }

        private Reason WhyNotTransferTo(MemberId target)
        {
            if (core.Leading is not { } leading) return Reason.NotLeader;
            if (leading.Transfer is not null) return Reason.TransferInProgress;
            if (target == core.Self || core.Roster.SlotOf(target) is not (>= 0 and var slot)) return Reason.NotEligible;
            return core.MayBeHandedLeadership(slot, leading) ? Reason.None : Reason.NotEligible;
        }

        private bool MayBeHandedLeadership(int slot, LeaderState leading) =>
            core.Quorum.Incoming.Contains(slot) && leading[slot] is { NotCounted: false, DiskSlow: false };

        /// <summary>As soon as the target holds everything on its disk, it is told; proposals are refused until then.</summary>
        internal void ContinueTransfer(Progress progress)
        {
            if (core.Leading!.Transfer is not { Said: false } transfer || transfer.Target != progress.Member) return;
            if (progress.Match < core.Log.Last.Index && !core.Probe.Plants(Mutant.TransferBeforeCaughtUp)) return;
            transfer.Said = true;
            core.SayCampaignNow(progress.Member);
        }

        private void SayCampaignNow(MemberId target)
        {
            // From here on somebody may win at any time, however late this message arrives.
            core.Leading!.LeaseForfeited = true;
            core.Send(new Message { Kind = MessageKind.TimeoutNow, To = target, Term = core.Term, Flags = core.OwnFlags }, IoSeq.Now);
        }

        internal Rejection OnTimeoutNow(MemberId from)
        {
            if (core.Role != Role.Follower || core.Leader != from || !core.MayLead() || core.IsUnfit)
            {
                core.Probe.Hit(Mark.TimeoutNowRefused);
                return Rejection.NotEntitled;
            }
            core.Probe.Hit(Mark.TransferTaken);
            core.StandForElection(MessageFlags.Transfer);
            return Rejection.None;
        }

        /// <summary>A transfer that takes longer than an election is given up; the caller is told what is known.</summary>
        internal void ExpireTransfers()
        {
            if (core.Leading is { Transfer: { } running } leading && core.Now >= running.Deadline)
            {
                core.Probe.Hit(Mark.TransferGivenUp);
                leading.Transfer = null;
                if (core.Probe.Plants(Mutant.LeaseBackAfterTransfer)) leading.LeaseForfeited = false;
                core.Complete(running.Correlation,
                    running.Said ? Outcome.Unknown(Reason.TimedOut) : Outcome.NotDone(Reason.TimedOut));
            }
            if (core.HandedOver is { } waiting && core.Now >= waiting.Deadline + core.ElectionTicks)
            {
                core.HandedOver = null;
                core.Complete(waiting.Correlation, Outcome.Unknown(Reason.TimedOut));
            }
        }

        /// <summary>The next term has a leader: was it the one we chose?</summary>
        internal void ResolveHandOver()
        {
            if (core.HandedOver is not { } transfer || core.Leader.IsNone || core.Term <= transfer.Term) return;
            core.HandedOver = null;
            core.Complete(transfer.Correlation,
                core.Leader == transfer.Target ? Outcome.Done : Outcome.NotDone(Reason.AnotherLeader));
        }

        /// <summary>Our disk is stalled, our tenure is over, or we leave: the best-informed healthy voter takes over.</summary>
        internal bool TryHandOver(Mark why)
        {
            var leading = core.Leading!;
            if (leading.Transfer is not null) return true;
            if (core.Now < leading.HandOverAgainAt) return false;
            Progress? best = null;
            foreach (var slot in core.Quorum.Incoming)
            {
                if (leading[slot] is not { } progress || !core.MayBeHandedLeadership(slot, leading)) continue;
                if (core.Now - progress.HeardAt >= core.ElectionTicks) continue;
                if (best is null || progress.Match > best.Match) best = progress;
            }
            if (best is null) return false;
            core.Probe.Hit(why);
            leading.HandOverAgainAt = core.Now + 4 * core.ElectionTicks;
            core.BeginTransfer(best.Member, Correlation.None);
            return true;
        }

        /// <summary>
        /// The change that removed or demoted us is committed. We tell the others so, pass leadership on, and follow.
        /// </summary>
        internal void LeaveLeadership()
        {
            core.FeedPeers();
            Progress? heir = null;
            foreach (var slot in core.Quorum.Incoming)
            {
                if (core.Leading![slot] is not { } progress || progress.Match < core.Log.Last.Index) continue;
                if (core.MayBeHandedLeadership(slot, core.Leading)) heir ??= progress;
            }
            if (heir is not null) core.SayCampaignNow(heir.Member);
            core.StepDown(Mark.LeaderLeft);
        }
    }
}
