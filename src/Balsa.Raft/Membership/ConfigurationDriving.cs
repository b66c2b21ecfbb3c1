using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;
using Balsa.Raft.Replication;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Membership;

/// <summary>One membership change at a time: begun by a caller or by the leader itself, and always driven to its end.</summary>
internal static class ConfigurationDriving
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <param name="expected">The index of the configuration the caller saw, or 0 to change whatever rules.</param>
        internal void BeginChange(ReadOnlySpan<ConfigurationChange> changes, LogIndex expected, Correlation correlation)
        {
            var refusal = core.WhyNotChange(changes, expected, out var planned);
            if (refusal != Reason.None)
            {
                core.Complete(correlation, Outcome.NotDone(refusal));
                return;
            }
            core.AppendChange(planned, correlation);
        }

        private Reason WhyNotChange(ReadOnlySpan<ConfigurationChange> changes, LogIndex expected, out Configuration planned)
        {
            planned = core.Configuration;
            if (core.Leading is not { } leading) return Reason.NotLeader;
            if (leading.Transfer is not null) return Reason.TransferInProgress;
            if (core.Commit < leading.Noop && !core.Probe.Plants(Mutant.LegalChangeBeforeFirstCommit)) return Reason.LeaderNotReady;
            if (core.ChangeIsUnderWay() && !core.Probe.Plants(Mutant.TwoChangesAtOnce)) return Reason.ChangeInProgress;
            if (expected > LogIndex.Zero && expected != core.Configurations.LatestIndex) return Reason.ConfigurationConflict;
            foreach (ref readonly var change in changes)
            {
                if (change.Kind is ChangeKind.BindIncarnation or ChangeKind.RaiseFeatureLevel) return Reason.NotPermitted;
                if (change.Kind == ChangeKind.Promote && !core.IsLevel(leading.Find(change.Member))) return Reason.NotEligible;
            }
            var error = core.Plan(changes, out planned);
            return error == ConfigurationError.None ? Reason.None : Reason.ImpossibleChange;
        }

        internal ConfigurationError Plan(ReadOnlySpan<ConfigurationChange> changes, out Configuration planned) =>
            ConfigurationPlanner.TryPlan(
                core.Configuration, changes, core.Log.Last.Index.Next, core.Options.ReuseRemovedIds, out planned);

        private bool ChangeIsUnderWay() => core.Configuration.IsJoint || core.Configurations.LatestIndex > core.Commit;

        private void AppendChange(Configuration planned, Correlation correlation)
        {
            if (planned.IsJoint && core.Probe.Plants(Mutant.VotersChangedWithoutJoint)) planned = ConfigurationPlanner.Leave(planned);
            if (!planned.IsJoint)
            {
                core.AppendOwn(EntryKind.Configuration, default, correlation, planned);
                return;
            }
            // The caller hears "done" when the joint configuration has been left, not when it was entered.
            core.Leading!.ChangeCorrelation = correlation;
            core.AppendOwn(EntryKind.Configuration, default, Correlation.None, planned);
        }

        /// <summary>The next step of whatever is due: leave a joint configuration, bind, promote, raise the level.</summary>
        internal void DriveConfiguration()
        {
            if (core.Leading is not { } leading || core.Commit < leading.Noop) return;
            if (core.Configurations.LatestIndex > core.Commit && !core.Probe.Plants(Mutant.JointLeftBeforeCommit)) return;
            if (core.Configuration.IsJoint)
            {
                core.Probe.Hit(Mark.JointLeft);
                if (core.Probe.Plants(Mutant.JointNeverLeft)) return;
                var correlation = leading.ChangeCorrelation;
                leading.ChangeCorrelation = Correlation.None;
                core.AppendOwn(EntryKind.Configuration, default, correlation, ConfigurationPlanner.Leave(core.Configuration));
                return;
            }
            if (!core.SelfVotes)
            {
                if (!core.Probe.Plants(Mutant.RemovedLeaderStays)) core.LeaveLeadership();
                return;
            }
            if (leading.Transfer is null && core.NextOwnChange(leading) is { } change
                && core.Plan([change], out var planned) == ConfigurationError.None)
                core.AppendChange(planned, Correlation.None);
        }

        private ConfigurationChange? NextOwnChange(LeaderState leading)
        {
            var lowestLevel = core.Options.FeatureLevel;
            foreach (var member in core.Configuration.Members)
            {
                if (member.Id == core.Self) continue;
                var progress = leading.Find(member.Id);
                if (member.Incarnation.IsNotStarted && progress is { Incarnation.IsNotStarted: false })
                    return ConfigurationChange.Of(ChangeKind.BindIncarnation, member.Id) with { Incarnation = progress.Incarnation };
                if (member.Role == MemberRole.PromotingLearner && core.IsLevel(progress))
                {
                    core.Probe.Hit(Mark.LearnerPromoted);
                    return ConfigurationChange.Of(ChangeKind.Promote, member.Id);
                }
                lowestLevel = Math.Min(lowestLevel, core.LevelOf(progress));
            }
            if (lowestLevel <= core.Configuration.FeatureLevel) return null;
            return new ConfigurationChange { Kind = ChangeKind.RaiseFeatureLevel, FeatureLevel = lowestLevel };
        }

        /// <summary>
        /// What a member has said that it understands. One that is away may come back as an earlier build, and its word counts no more.
        /// </summary>
        private uint LevelOf(Progress? progress)
        {
            if (progress is null) return 0;
            if (core.Probe.Plants(Mutant.BuildRaisesForHalf)) return Math.Max(progress.FeatureLevel, core.Options.FeatureLevel);
            var isAway = core.Now - progress.HeardAt >= core.ElectionTicks && !core.Probe.Plants(Mutant.LevelCountsWhoIsAway);
            return isAway ? 0 : progress.FeatureLevel;
        }

        /// <summary>Started, alive, whole, and close enough to the end that its vote will not slow commits down.</summary>
        private bool IsLevel(Progress? progress)
        {
            if (core.Probe.Plants(Mutant.PromotesLaggingLearner)) return progress is not null;
            if (progress is not { NotCounted: false, DiskSlow: false, State: ProgressState.Replicate }) return false;
            if (progress.Incarnation.IsNotStarted || core.Now - progress.HeardAt >= core.ElectionTicks) return false;
            return progress.Match + core.Options.PromotionLag >= core.Log.Last.Index;
        }
    }
}
