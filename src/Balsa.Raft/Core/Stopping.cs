using Balsa.Raft.Effects;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Core;

/// <summary>The end of a core: nobody is left waiting, and nothing is done any more.</summary>
internal static class Stopping
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void FailStop(StopReason why)
        {
            if (core.Stopped) return;
            core.Probe.Hit(Mark.FailStopped);
            core.Stop();
            core.Effects.Add(EffectKind.FailStop).Number = (ulong)why;
        }

        internal void Stop()
        {
            core.Stopped = true;
            while (core.Proposals.TryTakeNewest(uncommittedOnly: false, out var pending))
                core.Complete(pending.Correlation, Outcome.Unknown(Reason.Stopped), pending.Id);
            if (core.Leading is { } leading)
            {
                core.Complete(leading.ChangeCorrelation, Outcome.Unknown(Reason.Stopped));
                if (leading.Transfer is { } transfer) core.Complete(transfer.Correlation, Outcome.Unknown(Reason.Stopped));
                while (leading.Rounds.TryTakeAny(out var read))
                    if (read.Asker.IsNone) core.CompleteRead(read.Correlation, Outcome.NotDone(Reason.Stopped));
            }
            if (core.HandedOver is { } handedOver) core.Complete(handedOver.Correlation, Outcome.Unknown(Reason.Stopped));
            while (core.ReadsToApply.TryTake(Log.LogIndex.Max, out var waiting))
                core.CompleteRead(waiting, Outcome.NotDone(Reason.Stopped));
            core.RefuseFollowerReads(Reason.Stopped);
            core.Complete(core.CampaignCorrelation, Outcome.NotDone(Reason.Stopped));
            (core.HandedOver, core.CampaignCorrelation) = (null, Correlation.None);
        }
    }
}
