using Balsa.Raft.Core;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Snapshots;
using Balsa.Raft.Transfer;

namespace Balsa.Raft.Replication;

/// <summary>The leader hears how far a peer's log agrees.</summary>
internal static class AppendResponseHandler
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal Rejection OnAppendAnswer(Progress progress, in Message message)
        {
            if (message.Has(MessageFlags.Reject)) return core.OnRefusal(progress, message);
            if (message.Match > core.Log.Last.Index) return Rejection.MatchBeyondLog;
            var news = progress.Acknowledge(message.Match);
            switch (progress.State)
            {
                case ProgressState.Probe when message.Match == progress.Match:
                    progress.StartReplicating();
                    break;
                case ProgressState.Snapshot when message.Match >= progress.SnapshotSent.Index:
                    core.Probe.Hit(Mark.SnapshotCaughtUp);
                    core.AbortTransfer(progress);
                    progress.StartReplicating();
                    break;
            }
            if (!news) return Rejection.None;
            core.Leading!.CountWanted = true;
            core.ContinueTransfer(progress);
            return Rejection.None;
        }

        /// <summary>Goes back to where the logs can agree, skipping a whole term of ours a round.</summary>
        private Rejection OnRefusal(Progress progress, in Message message)
        {
            var refused = message.Match;
            // An answer to an older question: what it refused is confirmed by now, or is not what the probe asks.
            var stale = progress.State switch
            {
                ProgressState.Replicate => refused <= progress.Match,
                ProgressState.Probe => refused != progress.Next.Previous,
                _ => true,
            };
            if (stale)
            {
                core.Probe.Hit(Mark.StaleRefusalIgnored);
                return Rejection.AnswersNothing;
            }
            var agreed = core.Log.LastAtMost(LogIndex.Smaller(message.Log.Index, refused), message.Log.Term);
            var next = LogIndex.Smaller(agreed.Index.Next, refused);
            if (core.Probe.Plants(Mutant.LegalBacktracksByHalves)) next = progress.Match + (refused - progress.Match) / 2;
            core.Probe.Hit(Mark.BackedUp);
            progress.ProbeFrom(LogIndex.Larger(next, new LogIndex(1)));
            return Rejection.None;
        }

        /// <summary>A heartbeat came back: a probe may be repeated, and a gap in what the peer matched shows a lost message.</summary>
        internal void OnHeartbeatAnswer(Progress progress, in Message message)
        {
            progress.ProbeSent = false;
            if (progress.State != ProgressState.Replicate || progress.Loading) return;
            var sent = progress.Next.Previous;
            if (message.Match >= sent && progress.Match >= sent) return;
            if (sent < core.Log.Boundary.Index) return;
            core.Probe.Hit(Mark.GapProbed);
            core.SendAppend(progress, sent, 0);
        }
    }
}
