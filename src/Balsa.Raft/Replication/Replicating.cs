using Balsa.Raft.Core;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Quorum;
using Balsa.Raft.Snapshots;

namespace Balsa.Raft.Replication;

/// <summary>The leader's side of sending: what each peer gets next. Runs once a batch of inputs, before effects leave.</summary>
internal static class Replicating
{
    extension<TProbe>(CoreState<TProbe> core) where TProbe : struct, IProbe
    {
        internal void FeedPeers()
        {
            var leading = core.Leading!;
            foreach (var slot in core.Roster.All)
                if (leading[slot] is { } progress) core.Feed(progress);
        }

        private void Feed(Progress progress)
        {
            while (!progress.Loading && progress.State != ProgressState.Snapshot)
            {
                if (progress.State == ProgressState.Probe ? progress.ProbeSent : progress.Inflight.IsFull) return;
                if (core.Probe.Plants(Mutant.LegalOneAppendAtATime) && progress.Inflight.Messages > 0) return;
                if (progress.Next <= core.Log.Boundary.Index)
                {
                    core.OfferSnapshot(progress);
                    return;
                }
                if (progress.Next > core.Log.Last.Index)
                {
                    // Nothing to send but the news of a commit; a probe asks even with nothing to send.
                    var told = LogIndex.Smaller(core.Commit, progress.Next.Previous);
                    if (core.Probe.Plants(Mutant.LegalNoCommitNews)) told = LogIndex.Zero;
                    if (progress.State == ProgressState.Probe || told > progress.CommitSent)
                        core.SendAppend(progress, progress.Next.Previous, 0);
                    return;
                }
                if (progress.Next < core.Log.FirstSized)
                {
                    core.AskForSizes(progress);
                    return;
                }
                var last = core.Log.Reach(progress.Next, (ulong)core.Options.AppendBytesMax, (uint)core.Options.AppendEntriesMax);
                if (core.Probe.Plants(Mutant.LegalOneEntryPerAppend)) last = progress.Next;
                core.SendAppend(progress, last, core.Log.BytesOf(progress.Next, last));
            }
        }

        /// <summary>The entries Next..last (none when last is before Next), behind the entry that precedes them.</summary>
        internal void SendAppend(Progress progress, LogIndex last, ulong bytes)
        {
            var previous = progress.Next.Previous;
            var found = core.Log.Look(previous, out var term);
            Invariant.Check(found == TermLookup.Found);
            ref var effect = ref core.Effects.Add(EffectKind.Send);
            effect.Peer = progress.Member;
            effect.First = progress.Next;
            effect.Last = last;
            effect.Message = new Message
            {
                Kind = MessageKind.Append, To = progress.Member, Term = core.Term, Flags = core.OwnFlags,
                Log = new EntryId(term, previous), Commit = core.Commit, Match = core.Log.Last.Index, Session = progress.Session,
            };
            progress.CommitSent = LogIndex.Larger(progress.CommitSent, LogIndex.Smaller(core.Commit, last));
            if (last >= progress.Next) progress.SentThrough(last, bytes);
            else if (progress.State == ProgressState.Probe) progress.ProbeSent = true;
        }

        /// <summary>Old entries are on disk only; the host says how many fit, and then they are sent.</summary>
        private void AskForSizes(Progress progress)
        {
            core.Probe.Hit(Mark.OldEntriesLoaded);
            progress.Loading = true;
            ref var effect = ref core.Effects.Add(EffectKind.LoadEntries);
            effect.Peer = progress.Member;
            effect.First = progress.Next;
            effect.Last = LogIndex.Smaller(core.Log.Last.Index, progress.Next + (ulong)(core.Options.AppendEntriesMax - 1));
            effect.Number = (ulong)core.Options.AppendBytesMax;
        }

        internal Rejection OnUnloaded(LogIndex through)
        {
            core.Log.ForgetSizes(through);
            return Rejection.None;
        }

        internal Rejection OnSizesLoaded(Identity.MemberId peer, LogIndex first, LogIndex last, ulong bytes)
        {
            if (core.Leading is null || core.Roster.SlotOf(peer) is not (>= 0 and var slot)) return Rejection.NothingUnderWay;
            if (core.Leading[slot] is not { Loading: true } progress) return Rejection.NothingUnderWay;
            progress.Loading = false;
            if (progress.Next != first || first <= core.Log.Boundary.Index) return Rejection.None;
            if (last < first || last > core.Log.Last.Index) return Rejection.None;
            core.SendAppend(progress, last, bytes);
            return Rejection.None;
        }
    }
}
