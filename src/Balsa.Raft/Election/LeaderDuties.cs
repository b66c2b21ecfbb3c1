using Balsa.Raft.Core;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Reads;
using Balsa.Raft.Replication;
using Balsa.Raft.Snapshots;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Election;

/// <summary>What a leader does at every heartbeat besides beating.</summary>
internal static class LeaderDuties
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void Beat()
        {
            var leading = core.Leading!;
            leading.HeartbeatAt = core.Now + core.HeartbeatTicks;
            if (core.Options.CheckQuorum && !core.HearsQuorum() && !core.Probe.Plants(Mutant.NoCheckQuorum))
            {
                core.StepDown(Mark.SteppedDownWithoutQuorum);
                return;
            }
            if (!core.KeepsDuties(leading)) return;
            core.ExpireSnapshotTransfers();
            core.DriveConfiguration();
            if (core.Leading is not null) core.StartRound();
        }

        /// <summary>A quorum of voters answered within the last election time-out.</summary>
        private bool HearsQuorum()
        {
            var heard = SlotMask.Empty;
            foreach (var slot in core.Roster.All)
            {
                var isHeard = core.Roster.IdOf(slot) == core.Self
                    || (core.Leading![slot] is { NotCounted: false } peer && core.Now - peer.HeardAt < core.ElectionTicks);
                if (isHeard) heard = heard.With(slot);
            }
            return core.Quorum.IsReachedBy(heard);
        }

        /// <summary>False when leadership was given up: a leader that cannot store must not hold the others back.</summary>
        private bool KeepsDuties(LeaderState leading)
        {
            if (core.IsAside)
            {
                if (core.TryHandOver(Mark.AsideHandsOver)) return true;
                core.StepDown(Mark.AsideStepsDown);
                return false;
            }
            if (core.DiskIsStalled && !core.Probe.Plants(Mutant.SlowDiskKeepsLeading))
            {
                if (core.TryHandOver(Mark.SlowDiskHandsOver)) return true;
                if (core.Now - core.Writes.OldestIssuedAt < 2 * core.Options.SlowDiskHandoff.Ticks) return true;
                core.StepDown(Mark.SlowDiskStepsDown);
                return false;
            }
            if (core.TenureIsOver(leading)) core.TryHandOver(Mark.TenureEnds);
            return true;
        }

        /// <summary>
        /// Never before the reign has committed something: its heir would begin to feed the laggards anew, with one entry more
        /// to commit, and short reigns could follow each other for ever.
        /// </summary>
        private bool TenureIsOver(LeaderState leading)
        {
            var tenure = core.Options.LeaderTenureMax.Ticks;
            return tenure > 0 && core.Now - leading.Since >= tenure && core.Commit >= leading.Noop;
        }
    }
}
