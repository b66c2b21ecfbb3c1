using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Core;

/// <summary>What the public inputs share: starting from the disk, finishing a batch, and small decisions.</summary>
internal static class Stepping
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void Restore(RecoveredState recovered)
        {
            recovered.ThrowIfUnreadable();
            core.Log.Reset(recovered.Boundary);
            core.Log.Snapshot = recovered.Snapshot;
            foreach (var (id, length) in recovered.Entries) core.Log.Append(id, length);
            core.Configurations.Reset(recovered.Boundary.Index, recovered.BoundaryConfiguration);
            foreach (var (index, configuration) in recovered.Configurations) core.Configurations.Append(index, configuration);
            core.Roster.Adopt(core.Configuration);
            // Whoever lost its term knows at least the one of its log; having no vote to break, it needs no more.
            if (core.Log.Last.Term > core.Term) core.AdoptRecovered(new HardState(core.Log.Last.Term, MemberId.None));
            // The host has synced whatever it read back, so all of it is durable; committed is only what a snapshot holds.
            core.DurableIndex = core.Log.Last.Index;
            core.Commit = core.ApplyIssued = core.Applied = recovered.Snapshot.Index;
            if (core.Configuration.FeatureLevel > core.Options.FeatureLevel) core.FailStop(StopReason.UnknownFeatureLevel);
        }

        /// <summary>What a batch of inputs adds up to: one count, one round, one append a peer.</summary>
        internal void Flush()
        {
            if (core.Leading is { CountWanted: true }) core.CountAcknowledgements();
            if (core.Leading is not null)
            {
                core.StartWantedRound();
                core.FeedPeers();
            }
            core.AskForReads();
        }

        internal void OnWritten(IoSeq upTo)
        {
            core.DurableIo = upTo;
            core.DurableIndex = LogIndex.Larger(core.DurableIndex, core.Writes.Finish(upTo));
            core.CountOwnVote();
            core.CheckRepair();
            if (core.Leading is { } leading) leading.CountWanted = true;
        }

        internal long NextDeadline()
        {
            if (core.Stopped) return long.MaxValue;
            var next = core.Leading?.HeartbeatAt ?? core.ElectionAt;
            if (core.Leading?.Transfer is { } transfer) next = Math.Min(next, transfer.Deadline);
            if (core.HandedOver is { } handedOver) next = Math.Min(next, handedOver.Deadline + core.ElectionTicks);
            if (core.FollowerReads.IsAsking) next = Math.Min(next, Math.Min(core.FollowerReads.AskAgainAt, core.FollowerReads.GiveUpAt));
            return next;
        }

        internal Reason WhyNotPropose(in Proposal proposal)
        {
            if (core.Stopped) return Reason.Stopped;
            if (core.Leading is not { } leading) return Reason.NotLeader;
            if (leading.Transfer is not null && !core.Probe.Plants(Mutant.ProposesDuringTransfer)) return Reason.TransferInProgress;
            if (proposal.Length > core.Options.EntryBytesMax) return Reason.TooLarge;
            var full = core.Proposals.UncommittedEntries >= core.Options.UncommittedEntriesMax
                || core.Proposals.UncommittedBytes + proposal.Length > (ulong)core.Options.UncommittedBytesMax;
            if (!full) return Reason.None;
            core.Probe.Hit(Mark.ProposalRefusedForQuota);
            return Reason.Busy;
        }

        internal Reason WhyNotCampaign(CampaignKind kind)
        {
            if (core.Stopped) return Reason.Stopped;
            if (core.Role == Role.Leader || !core.MayLead() || core.IsAside) return Reason.NotEligible;
            if (kind == CampaignKind.Forced && !core.Configuration.Settings.AllowForcedCampaign) return Reason.NotPermitted;
            return Reason.None;
        }

        internal Rejection OnPeerUnreachable(MemberId peer)
        {
            if (core.Leading?.Find(peer) is not { State: ProgressState.Replicate } progress) return Rejection.NothingUnderWay;
            core.Probe.Hit(Mark.PeerUnreachable);
            progress.ProbeFrom(progress.Match.Next);
            // Nobody listens: the first probe waits for the first heartbeat that is answered.
            progress.ProbeSent = true;
            return Rejection.None;
        }
    }
}
