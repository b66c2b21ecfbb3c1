using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Recovery;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Reads;

/// <summary>
/// Linearizable reads in this order and no other: take the index, confirm the leadership, wait until applied, read.
/// </summary>
internal static class Reading
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void BeginRead(Correlation correlation, ReadMode mode)
        {
            if (mode == ReadMode.Local)
            {
                core.CompleteRead(correlation, Outcome.Done, core.Applied);
                return;
            }
            if (core.Leading is { } leading)
            {
                core.BeginLeaderRead(leading, correlation, mode);
                return;
            }
            if (core.FollowerReads.Count >= core.Options.PendingReadsMax)
            {
                core.CompleteRead(correlation, Outcome.NotDone(Reason.Busy));
                return;
            }
            core.FollowerReads.Add(correlation);
        }

        private void BeginLeaderRead(LeaderState leading, Correlation correlation, ReadMode mode)
        {
            if (mode == ReadMode.Lease && core.HoldsLease())
            {
                core.Probe.Hit(Mark.LeaseRead);
                core.ReadsToApply.Add(core.ReadableIndex(), correlation);
                core.AnswerApplied();
            }
            else if (leading.Rounds.WaitingCount >= core.Options.PendingReadsMax)
            {
                core.CompleteRead(correlation, Outcome.NotDone(Reason.Busy));
            }
            else
            {
                core.JoinRound(correlation, MemberId.None, default);
            }
        }

        /// <summary>A new leader's commit index may lag behind what its predecessor answered; its own first entry never does.</summary>
        private LogIndex ReadableIndex() =>
            core.Probe.Plants(Mutant.ReadBeforeFirstCommit) ? core.Commit : LogIndex.Larger(core.Commit, core.Leading!.Noop);

        /// <summary>Joins the first round that starts from now on; one that is under way asked before this read came.</summary>
        private void JoinRound(Correlation correlation, MemberId asker, ReadContext question)
        {
            var rounds = core.Leading!.Rounds;
            var round = rounds.Started + 1;
            if (rounds.RoundIsUnderWay)
            {
                core.Probe.Hit(Mark.ReadWaitsForNextRound);
                if (core.Probe.Plants(Mutant.ReadJoinsRunningRound)) round = rounds.Started;
            }
            rounds.Add(core.ReadableIndex(), correlation, asker, question, round);
            if (core.Probe.Plants(Mutant.ReadUnconfirmed)) rounds.Confirm(round);
        }

        internal void OnReadIndexRequest(MemberId asker, in Message message)
        {
            if (core.Leading is not { } leading || leading.Rounds.WaitingCount >= core.Options.PendingReadsMax)
            {
                core.AnswerReadIndex(asker, message.Context, default, MessageFlags.Reject);
                return;
            }
            if (message.Has(MessageFlags.Repair))
            {
                core.SayHowFar(asker, message.Context);
                return;
            }
            core.JoinRound(Correlation.None, asker, message.Context);
        }

        /// <summary>Starts the round that reads wait for, unless one is still out. Runs before effects leave.</summary>
        internal void StartWantedRound()
        {
            var rounds = core.Leading!.Rounds;
            if (!rounds.RoundIsWanted || (rounds.RoundIsUnderWay && !core.Probe.Plants(Mutant.LegalRoundPerRead))) return;
            core.StartRound();
        }

        internal void StartRound()
        {
            var leading = core.Leading!;
            var round = leading.Rounds.Start(core.Now);
            foreach (var slot in core.Roster.All)
            {
                if (leading[slot] is not { } progress) continue;
                var known = LogIndex.Smaller(core.Commit, progress.Match);
                if (core.Probe.Plants(Mutant.HeartbeatCommitUnbounded)) known = core.Commit;
                core.Send(
                    new Message
                    {
                        Kind = MessageKind.Heartbeat, To = progress.Member, Term = core.Term, Flags = core.OwnFlags,
                        Commit = known, Match = core.Log.Last.Index, Session = progress.Session,
                        Context = new ReadContext(core.Options.Boot, round),
                    },
                    IoSeq.Now);
            }
            core.CountRounds();
        }

        internal Rejection OnRoundConfirmed(Progress progress, ReadContext context)
        {
            var rounds = core.Leading!.Rounds;
            var ours = context.Boot == core.Options.Boot && rounds.IsOurs(context.Number);
            if (!ours) return Rejection.AnswersNothing;
            if (core.Probe.Plants(Mutant.AnyHeartbeatConfirmsReads)) context = context with { Number = rounds.Started };
            if (context.Number <= progress.RoundConfirmed) return Rejection.None;
            progress.RoundConfirmed = context.Number;
            core.CountRounds();
            return Rejection.None;
        }

        private void CountRounds()
        {
            var rounds = core.Leading!.Rounds;
            rounds.Confirm(core.RoundReachedBy(onlyLevel: false));
            while (rounds.TryTakeConfirmed(out var read))
            {
                if (read.Asker.IsNone) core.ReadsToApply.Add(read.Index, read.Correlation);
                else core.AnswerReadIndex(read.Asker, read.Question, read.Index, MessageFlags.None);
            }
            core.AnswerApplied();
        }

        /// <summary>The newest round that a quorum confirmed, ourselves included.</summary>
        private ulong RoundReachedBy(bool onlyLevel)
        {
            var leading = core.Leading!;
            Span<ulong> confirmed = stackalloc ulong[SlotMask.SlotsMax];
            foreach (var slot in core.Roster.All)
            {
                if (core.Roster.IdOf(slot) == core.Self) confirmed[slot] = leading.Rounds.Started;
                else if (leading[slot] is { } peer && core.SupportsRead(peer, onlyLevel)) confirmed[slot] = peer.RoundConfirmed;
            }
            var quorum = core.Quorum;
            if (core.Probe.Plants(Mutant.ReadQuorumCountsLearners)) quorum = new(quorum.Incoming | core.Roster.Learners, quorum.Outgoing);
            if (core.Probe.Plants(Mutant.ReadQuorumIgnoresOutgoing)) quorum = new(quorum.Incoming, default);
            return quorum.HighestReached(confirmed);
        }

        /// <summary>For the lease a peer must also hold the ruling configuration: its settings are what makes it keep still.</summary>
        private bool SupportsRead(Progress peer, bool onlyLevel) =>
            !peer.NotCounted && (!onlyLevel || peer.Match >= core.Configurations.LatestIndex);

        /// <summary>
        /// A quorum heard us less than an election time-out ago, counted from when we spoke and shortened by how far clocks
        /// may run apart: none of them votes for another leader before that has passed.
        /// </summary>
        internal bool HoldsLease()
        {
            var leading = core.Leading!;
            var settings = core.Configuration.Settings;
            if (!settings.LeaseReads || settings.AllowForcedCampaign || !core.Options.CheckQuorum) return false;
            if (leading.LeaseForfeited && !core.Probe.Plants(Mutant.LeaseKeptInTransfer)) return false;
            if (core.Roster.All.Count == 1) return core.SelfVotes;
            if (!leading.Rounds.TrySentAt(core.RoundReachedBy(onlyLevel: true), out var sentAt)) return false;
            var drift = core.Options.ClockDriftPermille;
            var length = core.ElectionTicks * (1000 - drift) / (1000 + drift);
            if (core.Probe.Plants(Mutant.LeaseWithoutClockMargin)) length = core.ElectionTicks * 3 / 2;
            return core.Now - sentAt < length;
        }

        internal void AnswerReadIndex(MemberId asker, ReadContext question, LogIndex index, MessageFlags flags) => core.Send(
            new Message
            {
                Kind = MessageKind.ReadIndexResponse, To = asker, Term = core.Term, Commit = index, Context = question,
                Flags = flags | core.OwnFlags,
            },
            core.HardStateWritten());

        internal void RefuseLeaderReads(ReadRounds rounds)
        {
            while (rounds.TryTakeAny(out var read))
            {
                core.Probe.Hit(Mark.ReadRefusedOnStepDown);
                if (read.Asker.IsNone) core.CompleteRead(read.Correlation, Outcome.NotDone(Reason.LeadershipLost));
                else core.AnswerReadIndex(read.Asker, read.Question, default, MessageFlags.Reject);
            }
        }
    }
}
