using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Reads;

/// <summary>A follower asks the leader how far it must have applied, and then answers from its own state.</summary>
internal static class FollowerReading
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        /// <summary>Asks, asks again, or gives up. Runs before effects leave and when time passes.</summary>
        internal void AskForReads()
        {
            var reads = core.FollowerReads;
            if (reads.IsAsking && core.Now >= reads.GiveUpAt) core.RefuseAsked(core.Leader.IsNone ? Reason.NoLeader : Reason.TimedOut);
            if (!reads.IsAsking)
            {
                if (!reads.HasWaiting) return;
                reads.Ask(core.NewQuestion(), core.Now + 2 * core.ElectionTicks);
                reads.AskAgainAt = core.Now;
            }
            if (core.Now < reads.AskAgainAt) return;
            reads.AskAgainAt = core.Now + core.HeartbeatTicks;
            if (core.Leader == core.Self) core.MoveReadsToOwnRounds();
            else if (!core.Leader.IsNone) core.SendQuestion();
        }

        private void SendQuestion()
        {
            core.Probe.Hit(Mark.FollowerReadAsked);
            core.Send(
                new Message
                {
                    Kind = MessageKind.ReadIndex, To = core.Leader, Term = core.Term, Flags = core.OwnFlags,
                    Context = core.FollowerReads.Question,
                },
                core.HardStateWritten());
        }

        /// <summary>Elected meanwhile: the reads are our own now.</summary>
        private void MoveReadsToOwnRounds()
        {
            core.Probe.Hit(Mark.FollowerReadsBecomeOwn);
            while (core.FollowerReads.TryTakeAsked(out var read)) core.BeginRead(read, ReadMode.Quorum);
            while (core.FollowerReads.TryTakeWaiting(out var read)) core.BeginRead(read, ReadMode.Quorum);
        }

        internal Rejection OnReadIndexAnswer(in Message message)
        {
            if (core.TryBeginRepair(message)) return Rejection.None;
            var reads = core.FollowerReads;
            if (!reads.IsAsking || message.Context != reads.Question) return Rejection.AnswersNothing;
            if (message.Has(MessageFlags.Reject))
            {
                // The leader is busy or no leader any more; the question is repeated until its time is up.
                return Rejection.None;
            }
            while (reads.TryTakeAsked(out var read)) core.ReadsToApply.Add(message.Commit, read);
            core.AnswerApplied();
            return Rejection.None;
        }

        private void RefuseAsked(Reason reason)
        {
            while (core.FollowerReads.TryTakeAsked(out var read)) core.CompleteRead(read, Outcome.NotDone(reason));
        }

        internal void RefuseFollowerReads(Reason reason)
        {
            core.RefuseAsked(reason);
            while (core.FollowerReads.TryTakeWaiting(out var read)) core.CompleteRead(read, Outcome.NotDone(reason));
        }
    }
}
