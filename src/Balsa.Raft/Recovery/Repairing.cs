using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;

namespace Balsa.Raft.Recovery;

/// <summary>
/// A member whose disk lost entries it had promised follows, stores and answers, but counts towards nothing, until its
/// durable log has reached the last entry that the present leader held when it was asked.
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
                    Kind = MessageKind.ReadIndex, To = core.Leader, Term = core.Term, Context = core.RepairQuestion,
                    Flags = core.OwnFlags | MessageFlags.Repair,
                },
                core.HardStateWritten());
        }

        /// <summary>
        /// The leader's side. No quorum is needed: the member kept its term, so whatever it acknowledged, it acknowledged to
        /// this leader or to an earlier one, and this log holds all of it that was ever committed. Waiting for a quorum could
        /// wait for ever, where the repairing member is the one that is missing.
        /// </summary>
        internal void SayHowFar(MemberId asker, ReadContext question)
        {
            // What it acknowledged before the damage counts no longer.
            core.Leading!.Find(asker)?.SetNotCounted(true, question.Boot);
            core.AnswerReadIndex(asker, question, core.Log.Last.Index, MessageFlags.None);
        }

        /// <summary>The leader's answer to the question of this boot.</summary>
        internal bool TryBeginRepair(in Message answer)
        {
            if (core.Mode != RecoveryMode.Repairing || core.RepairQuestion == default || answer.Context != core.RepairQuestion)
                return false;
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
