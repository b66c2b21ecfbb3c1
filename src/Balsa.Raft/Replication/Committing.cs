using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;

namespace Balsa.Raft.Replication;

/// <summary>When an entry is committed, and what follows from it.</summary>
internal static class Committing
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>
        /// The rule (paper, 5.4.2): the highest entry of the present term that a majority of the configured voters holds
        /// on stable media. Earlier terms follow implicitly and are never counted: figure 8 shows why.
        /// </summary>
        internal void CountAcknowledgements()
        {
            var leading = core.Leading!;
            leading.CountWanted = false;
            Span<ulong> held = stackalloc ulong[SlotMask.SlotsMax];
            foreach (var slot in core.Roster.All)
                held[slot] = core.HeldBy(slot, leading).Value;
            var quorum = core.Quorum;
            if (core.Probe.Plants(Mutant.LearnerCounts)) quorum = new(quorum.Incoming | core.Roster.Learners, quorum.Outgoing);
            if (core.Probe.Plants(Mutant.CommitIgnoresOutgoing)) quorum = new(quorum.Incoming, default);
            var agreed = new LogIndex(quorum.HighestReached(held));
            if (agreed <= core.Commit || core.Log.Look(agreed, out var term) != TermLookup.Found) return;
            if (term != core.Term)
            {
                core.Probe.Hit(Mark.EarlierTermNotCounted);
                if (!core.Probe.Plants(Mutant.CountsEarlierTerms)) return;
            }
            core.CommitThrough(agreed);
            core.DriveConfiguration();
        }

        /// <summary>Ourselves included, and only as far as our own disk has it.</summary>
        private LogIndex HeldBy(int slot, LeaderState leading)
        {
            if (core.Roster.IdOf(slot) == core.Self)
                return core.Probe.Plants(Mutant.LeaderCountsBeforeDurable) ? core.Log.Last.Index : core.DurableIndex;
            if (leading[slot] is not { } progress) return LogIndex.Zero;
            return progress.NotCounted && !core.Probe.Plants(Mutant.RepairingMemberCounts) ? LogIndex.Zero : progress.Match;
        }

        internal void CommitThrough(LogIndex index)
        {
            if (index <= core.Commit) return;
            Invariant.Check(index <= core.Log.Last.Index);
            var before = core.Commit;
            core.Commit = index;
            core.Trace(TransitionKind.Committed);
            core.Proposals.CommitThrough(index);
            ref var effect = ref core.Effects.Add(EffectKind.Apply);
            effect.First = core.ApplyIssued.Next;
            effect.Last = index;
            core.ApplyIssued = index;
            if (core.Probe.Plants(Mutant.ConfigurationAppliedAtCommit)) core.AdoptCommitted();
            var latest = core.Configurations.LatestIndex;
            if (latest > before && latest <= index) core.OnConfigurationCommitted();
        }

        internal void OnConfigurationCommitted()
        {
            core.AnnounceConfiguration(committed: true);
            if (core.Configuration.Find(core.Self) is null && core.Configuration.WasRemoved(core.Self))
                core.Effects.Add(EffectKind.RemovedFromCluster).Peer = core.Self;
        }

        /// <summary>Answers everyone whose entry or read is covered by what the state machine has now.</summary>
        internal void AnswerApplied()
        {
            while (core.Proposals.TryTakeApplied(core.Applied, out var pending))
                core.Complete(pending.Correlation, Outcome.Done, pending.Id);
            while (core.ReadsToApply.TryTake(core.Applied, out var read))
                core.CompleteRead(read, Outcome.Done, core.Applied);
        }
    }
}
