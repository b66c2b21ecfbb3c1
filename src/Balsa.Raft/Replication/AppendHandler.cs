using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Replication;

/// <summary>The follower's side of replication (paper, figure 2, AppendEntries).</summary>
internal static class AppendHandler
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void OnAppend(
            MemberId leader, in Message message, ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            core.HearLeader(leader);
            var previous = message.Log;
            var covered = previous.Index + (ulong)entries.Length;
            if (previous.Index < core.Commit)
            {
                // What is committed here is in the leader's log too, so this much certainly matches, compacted or not.
                core.Probe.Hit(Mark.AppendBelowCommit);
                core.DropCommitted(previous.Index, ref entries, ref configurations);
                covered = LogIndex.Larger(covered, core.Commit);
            }
            else if (!core.Log.Holds(previous) && !core.Probe.Plants(Mutant.AppendIgnoresPrevious))
            {
                core.RefuseAppend(leader, message);
                return;
            }
            core.Store(entries, configurations);
            if (core.Probe.Plants(Mutant.AckClaimsWholeLog)) covered = core.Log.Last.Index;
            core.Verified = LogIndex.Larger(core.Verified, covered);
            var commit = core.Probe.Plants(Mutant.CommitBeyondVerified) ? core.Log.Last.Index : covered;
            core.CommitThrough(LogIndex.Smaller(message.Commit, commit));
            core.AnswerCovered(leader, message.Session, covered, Mutant.AppendAnsweredBeforeDurable);
            core.CheckRepair();
        }

        /// <summary>Leaves only the entries after our commit index; they follow it, because entries have no gaps.</summary>
        private void DropCommitted(
            LogIndex previous, ref ReadOnlySpan<EntryRef> entries, ref ReadOnlySpan<Configuration> configurations)
        {
            var committed = (int)Math.Min(core.Commit - previous, (ulong)entries.Length);
            foreach (ref readonly var entry in entries[..committed])
                if (entry.Kind == EntryKind.Configuration) configurations = configurations[1..];
            entries = entries[committed..];
        }

        /// <summary>Skips what is here already, cuts only at a proven conflict, appends the rest.</summary>
        private void Store(ReadOnlySpan<EntryRef> entries, ReadOnlySpan<Configuration> configurations)
        {
            int known = 0, knownConfigurations = 0;
            while (known < entries.Length && core.Log.Holds(entries[known].Id))
                if (entries[known++].Kind == EntryKind.Configuration) knownConfigurations++;
            if (known > 0 && known < entries.Length) core.Probe.Hit(Mark.AppendPartlyKnown);
            if (core.Probe.Plants(Mutant.TruncatesWithoutConflict) && entries.Length > 0
                && entries[^1].Id.Index < core.Log.Last.Index && entries[^1].Id.Index >= core.Commit)
                core.Truncate(entries[^1].Id.Index.Next);
            if (known == entries.Length) return;
            var from = entries[known].Id.Index;
            if (from <= core.Log.Last.Index) core.Truncate(from);
            core.AppendReceived(entries[known..], configurations[knownConfigurations..]);
        }

        /// <summary>Leaves when the last covered entry and the term are on disk, even if an earlier step wrote them.</summary>
        internal void AnswerCovered(MemberId leader, LogIndex session, LogIndex covered, Mutant early)
        {
            var after = IoSeq.Later(core.Writes.HolderOf(covered), core.HardStateWritten());
            if (core.Probe.Plants(early)) after = IoSeq.Now;
            if (core.Probe.Plants(Mutant.LegalAnswersAfterEverything)) after = core.LastIo;
            core.Send(
                new Message
                {
                    Kind = MessageKind.AppendResponse, To = leader, Term = core.Term, Flags = core.OwnFlags,
                    Match = covered, Session = session,
                },
                after);
        }

        /// <summary>Says where the logs can agree at best, so that a diverged tail costs one round a term, not one an entry.</summary>
        private void RefuseAppend(MemberId leader, in Message message)
        {
            core.Probe.Hit(Mark.AppendRefused);
            var hint = core.Log.LastAtMost(message.Log.Index, message.Log.Term);
            if (core.Probe.Plants(Mutant.LegalNoConflictHint))
                hint = new EntryId(message.Log.Term, LogIndex.Smaller(message.Log.Index.Previous, core.Log.Last.Index));
            core.Send(
                new Message
                {
                    Kind = MessageKind.AppendResponse, To = leader, Term = core.Term, Session = message.Session,
                    Flags = core.OwnFlags | MessageFlags.Reject, Match = message.Log.Index, Log = hint,
                },
                core.HardStateWritten());
        }

        internal Rejection OnHeartbeat(MemberId leader, in Message message)
        {
            core.HearLeader(leader);
            var result = Rejection.None;
            if (message.Commit > core.Log.Last.Index)
            {
                core.Probe.Hit(Mark.HeartbeatCommitBeyondLog);
                result = Rejection.CommitBeyondLog;
            }
            // Only entries this leader has shown to match may be committed on its word.
            var trusted = core.Probe.Plants(Mutant.HeartbeatCommitUnbounded) ? core.Log.Last.Index : core.Verified;
            core.CommitThrough(LogIndex.Smaller(message.Commit, trusted));
            core.Send(
                new Message
                {
                    Kind = MessageKind.HeartbeatResponse, To = leader, Term = core.Term, Flags = core.OwnFlags,
                    Session = message.Session, Context = message.Context, Match = core.Verified,
                },
                core.HardStateWritten());
            return result;
        }

        /// <summary>A leader of our term is alive: follow it, and stay with it for an election time-out.</summary>
        internal void HearLeader(MemberId leader)
        {
            if (core.Role != Role.Follower || core.Leader != leader) core.BecomeFollower(core.Term, leader);
            core.LeaderHeardAt = core.Now;
            core.ResetElectionTimer();
            core.AskHowFar();
        }
    }
}
