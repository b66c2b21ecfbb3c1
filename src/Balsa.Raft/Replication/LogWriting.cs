using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Snapshots;

namespace Balsa.Raft.Replication;

/// <summary>The only places where the log changes. Each hands the disk its part and keeps the membership in step.</summary>
internal static class LogWriting
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void AppendProposal(in Proposal proposal)
        {
            var entry = new EntryRef(default, EntryKind.Data, proposal.Length, proposal.Crc, proposal.Payload);
            core.AppendOwn(EntryKind.Data, entry, proposal.Correlation);
        }

        /// <summary>The leader's own entries: the one that opens its reign, proposals and membership changes.</summary>
        internal EntryId AppendOwn(
            EntryKind kind, in EntryRef proposed = default, Correlation correlation = default, Configuration? configuration = null)
        {
            var id = new EntryId(core.Term, core.Log.Last.Index.Next);
            var length = configuration is null ? proposed.Length : (uint)ConfigurationCodec.Length(configuration);
            var entry = new EntryRef(id, kind, length, proposed.Crc, proposed.Payload);
            core.WriteEntry(entry, configuration);
            core.Proposals.Add(new PendingProposals.Pending(id, correlation, length));
            if (configuration is not null) core.AdoptConfiguration(id.Index, configuration);
            return id;
        }

        /// <summary>Entries of the leader that follow our log's end; the host has decoded the configurations among them.</summary>
        internal void AppendReceived(ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            var next = 0;
            foreach (ref readonly var entry in entries)
            {
                var configuration = entry.Kind == EntryKind.Configuration ? configurations[next++] : null;
                core.WriteEntry(entry, null);
                if (configuration is not null) core.AdoptConfiguration(entry.Id.Index, configuration);
            }
        }

        /// <summary>Entries written back to back share one storage operation, for as long as it has not been handed out.</summary>
        private void WriteEntry(in EntryRef entry, Configuration? authored)
        {
            core.Log.Append(entry.Id, entry.Length);
            if (authored is null && core.Effects.TryExtendAppend(core.LastIo, entry))
            {
                core.Writes.ExtendNewest(entry.Id.Index);
            }
            else
            {
                ref var effect = ref core.NewStorageEffect(EffectKind.AppendEntries, entry.Id.Index, entry.Id.Index);
                effect.First = entry.Id.Index;
                effect.Configuration = authored;
                core.Effects.BeginEntries(ref effect, entry);
            }
            core.Trace(TransitionKind.Appended);
        }

        /// <summary>Another leader's history is true: ours from <paramref name="from"/> on was never committed.</summary>
        internal void Truncate(LogIndex from)
        {
            core.Probe.Hit(Mark.SuffixTruncated);
            Invariant.Check(from > core.Commit);
            core.Log.TruncateFrom(from);
            ref var effect = ref core.NewStorageEffect(EffectKind.TruncateSuffix, LogIndex.Zero, LogIndex.Zero);
            effect.First = from;
            if (!core.Probe.Plants(Mutant.LateWriteCountsAfterTruncation)) core.Writes.TakeEntriesFrom(from);
            core.DurableIndex = LogIndex.Smaller(core.DurableIndex, from.Previous);
            core.Verified = LogIndex.Smaller(core.Verified, from.Previous);
            core.Trace(TransitionKind.Truncated);
            if (core.Probe.Plants(Mutant.TruncationKeepsConfiguration)) return;
            if (!core.Configurations.TruncateFrom(from)) return;
            core.Probe.Hit(Mark.ConfigurationTakenBack);
            core.ConfigurationChanged();
        }

        internal void AdoptConfiguration(LogIndex index, Configuration configuration)
        {
            if (core.Probe.Plants(Mutant.ConfigurationAppliedAtCommit) && index > core.Commit)
            {
                (core.Unadopted ??= []).Add((index, configuration));
                return;
            }
            core.Configurations.Append(index, configuration);
            core.ConfigurationChanged();
        }

        /// <summary>Only for the mistake of letting configurations take effect when they are committed.</summary>
        internal void AdoptCommitted()
        {
            while (core.Unadopted is [var (index, configuration), ..] && index <= core.Commit)
            {
                core.Unadopted.RemoveAt(0);
                if (index > core.Configurations.LatestIndex) core.AdoptConfiguration(index, configuration);
            }
        }

        /// <summary>The ruling configuration is another one: seats, votes and the leader's peers follow at once.</summary>
        internal void ConfigurationChanged()
        {
            var configuration = core.Configuration;
            var fresh = core.Roster.Adopt(configuration);
            foreach (var slot in fresh) core.BootsSeen[slot] = default;
            if (core.Standing is { } standing)
            {
                standing.Yes = new(standing.Yes.Bits & core.Roster.All.Bits & ~fresh.Bits);
                standing.No = new(standing.No.Bits & core.Roster.All.Bits & ~fresh.Bits);
            }
            if (core.Leading is not null) core.ReseatPeers(fresh);
            if (configuration.FeatureLevel > core.Options.FeatureLevel) core.FailStop(StopReason.UnknownFeatureLevel);
            core.Trace(TransitionKind.ConfigurationAdopted, core.Configurations.LatestIndex.Value);
            core.AnnounceConfiguration(committed: false);
        }

        internal void AnnounceConfiguration(bool committed)
        {
            ref var effect = ref core.Effects.Add(EffectKind.ConfigurationChanged);
            effect.Configuration = core.Configuration;
            effect.Last = core.Configurations.LatestIndex;
            effect.Number = committed ? 1UL : 0;
        }

        private void ReseatPeers(Quorum.SlotMask fresh)
        {
            for (var slot = 0; slot < Quorum.SlotMask.SlotsMax; slot++)
            {
                if (fresh.Contains(slot))
                {
                    core.DropPeer(slot);
                    core.SeatPeer(slot);
                }
                else if (!core.Roster.All.Contains(slot))
                {
                    core.DropPeer(slot);
                }
            }
            core.Leading!.CountWanted = true;
        }

        private void DropPeer(int slot)
        {
            if (core.Leading![slot] is { State: ProgressState.Snapshot } progress) core.AbortTransfer(progress);
            core.Leading.Seat(slot, null);
        }
    }
}
