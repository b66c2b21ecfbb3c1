using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Snapshots;

/// <summary>What a new local snapshot allows the log to forget.</summary>
internal static class Compacting
{
    private static LogIndex Before(LogIndex index, ulong distance) =>
        index.Value > distance ? index - distance : LogIndex.Zero;

    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Rejection OnLocalSnapshot(EntryId snapshot)
        {
            if (snapshot.Index <= core.Log.Snapshot.Index) return Rejection.UnusableSnapshot;
            if (snapshot.Index > core.Applied || !core.Log.Holds(snapshot)) return Rejection.UnusableSnapshot;
            core.Log.Snapshot = snapshot;
            core.CompactBehind(snapshot.Index);
            return Rejection.None;
        }

        /// <summary>Keeps what live followers still need, but never more than the bound behind the snapshot.</summary>
        private void CompactBehind(LogIndex snapshot)
        {
            var always = Before(snapshot, core.Options.EntriesKeptBehindSnapshot);
            var atMost = Before(snapshot, core.Options.EntriesKeptForLaggards);
            var boundary = LogIndex.Larger(atMost, LogIndex.Smaller(always, core.LowestNeeded(snapshot)));
            boundary = LogIndex.Smaller(boundary, core.DurableIndex);
            if (boundary <= core.Log.Boundary.Index) return;
            core.Log.CompactTo(boundary);
            core.Configurations.CompactTo(boundary);
            core.NewStorageEffect(EffectKind.CompactPrefix, LogIndex.Zero, LogIndex.Zero).Last = boundary;
            core.Trace(TransitionKind.Compacted);
            core.ReturnStrandedToProbe();
        }

        private LogIndex LowestNeeded(LogIndex snapshot)
        {
            if (core.Leading is not { } leading) return snapshot;
            var lowest = snapshot;
            foreach (var slot in core.Roster.All)
            {
                if (leading[slot] is not { } progress || core.Now - progress.HeardAt >= core.ElectionTicks) continue;
                var needs = progress.State == ProgressState.Snapshot ? progress.SnapshotSent.Index : progress.Match;
                lowest = LogIndex.Smaller(lowest, needs);
            }
            return lowest;
        }

        /// <summary>A peer whose next entry was compacted under it is offered the snapshot instead.</summary>
        private void ReturnStrandedToProbe()
        {
            if (core.Leading is not { } leading) return;
            foreach (var slot in core.Roster.All)
                if (leading[slot] is { State: ProgressState.Replicate } progress && progress.Next <= core.Log.Boundary.Index)
                    progress.ProbeFrom(progress.Match.Next);
        }
    }
}
