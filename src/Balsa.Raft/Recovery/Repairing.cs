using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Probes;

namespace Balsa.Raft.Recovery;

/// <summary>
/// A member whose disk lost entries it had promised follows, stores and answers, but counts towards nothing, until its
/// durable log has reached what the present leader held when it was first heard.
/// </summary>
internal static class Repairing
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void BeginRepair(LogIndex leaderLast)
        {
            if (core.Mode == RecoveryMode.Repairing) core.RepairTarget ??= leaderLast;
        }

        internal void CheckRepair()
        {
            if (core.Mode != RecoveryMode.Repairing || core.RepairTarget is not { } target) return;
            if (LogIndex.Smaller(core.Verified, core.DurableIndex) < target) return;
            core.Probe.Hit(Mark.RepairCompleted);
            core.Mode = RecoveryMode.Intact;
            core.RepairTarget = null;
            core.Effects.Add(EffectKind.RecoveryCompleted).Last = target;
        }
    }
}
