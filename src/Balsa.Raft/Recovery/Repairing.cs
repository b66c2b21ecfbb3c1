using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;

namespace Balsa.Raft.Recovery;

/// <summary>
/// A member whose disk lost entries it had promised follows, stores and answers, but counts towards nothing, until its
/// durable log has reached what the present leader held committed when it was asked.
/// </summary>
internal static class Repairing
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>
        /// Asks the leader how far the history goes that this member may have helped to commit before it was damaged. A
        /// question of this boot is needed: a leader's message may have been on its way since before the damage, when its
        /// log was shorter than what this member had acknowledged.
        /// </summary>
        internal void AskHowFar()
        {
            if (core.Mode != RecoveryMode.Repairing || core.RepairTarget is not null || core.Now < core.RepairAskAgainAt) return;
            core.RepairAskAgainAt = core.Now + core.HeartbeatTicks;
            if (core.RepairQuestion == default) core.RepairQuestion = core.NewQuestion();
            core.Send(
                new Message
                {
                    Kind = MessageKind.ReadIndex, To = core.Leader, Term = core.Term, Flags = core.OwnFlags,
                    Context = core.RepairQuestion,
                },
                core.HardStateWritten());
        }

        /// <summary>The leader counts nothing we said before the question, so its answer covers all that was ever counted.</summary>
        internal bool TryBeginRepair(in Message answer)
        {
            if (core.Mode != RecoveryMode.Repairing || core.RepairQuestion == default || answer.Context != core.RepairQuestion) return false;
            if (!answer.Has(MessageFlags.Reject)) core.RepairTarget = answer.Commit;
            core.CheckRepair();
            return true;
        }

        /// <summary>Another leader may hold another log: the next one is asked anew.</summary>
        internal void ForgetRepairTarget() => (core.RepairTarget, core.RepairQuestion, core.RepairAskAgainAt) = (null, default, 0);

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
