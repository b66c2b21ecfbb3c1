using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Replication;

namespace Balsa.Raft.Tests.Parts;

/// <summary>The bookkeeping of what is under way: writes, appends, proposals and peers, against plain lists.</summary>
public sealed class WindowTests
{
    [Fact]
    public void A_report_of_writes_makes_durable_only_entries_that_were_not_cut_since()
    {
        Dice.Throw(200, dice =>
        {
            var writes = new OutstandingWrites();
            var model = new List<(ulong Io, SortedSet<ulong> Entries)>();
            ulong io = 0, last = 0;
            for (var step = 0; step < 80; step++)
            {
                switch (dice.Below(5))
                {
                    case 0 when last > 0:
                        var from = 1 + (ulong)dice.Below((int)last);
                        writes.TakeEntriesFrom(new LogIndex(from));
                        foreach (var (_, entries) in model) entries.RemoveWhere(e => e >= from);
                        writes.Add(new IoSeq(++io), LogIndex.Zero, LogIndex.Zero, step);
                        model.Add((io, []));
                        last = from - 1;
                        break;
                    case 1 when model.Count > 0:
                        var through = model[dice.Below(model.Count)].Io;
                        var durable = model.Where(w => w.Io <= through).SelectMany(w => w.Entries).DefaultIfEmpty().Max();
                        Assert.Equal(durable, writes.Finish(new IoSeq(through)).Value);
                        model.RemoveAll(w => w.Io <= through);
                        break;
                    case 2 when model.Count > 0 && model[^1].Entries.Contains(last):
                        writes.ExtendNewest(new LogIndex(++last));
                        model[^1].Entries.Add(last);
                        break;
                    default:
                        writes.Add(new IoSeq(++io), new LogIndex(last + 1), new LogIndex(last + 1), step);
                        model.Add((io, [++last]));
                        break;
                }
                Assert.Equal(model.Count == 0, writes.IsEmpty);
                for (var index = 1UL; index <= last; index++)
                    Assert.Equal(model.FindLast(w => w.Entries.Contains(index)).Io, writes.HolderOf(new LogIndex(index)).Value);
            }
        });
    }

    [Fact]
    public void An_answer_frees_every_append_that_it_covers_and_the_window_returns_to_nothing()
    {
        Dice.Throw(200, dice =>
        {
            var window = new InflightWindow(5, 100);
            var model = new Queue<(ulong Last, ulong Bytes)>();
            var last = 0UL;
            for (var step = 0; step < 100; step++)
            {
                switch (dice.Below(8))
                {
                    case 0 when dice.OneIn(4):
                        window.Clear();
                        model.Clear();
                        break;
                    case 1 or 2:
                        var match = (ulong)dice.Below((int)last + 2);
                        window.FreeThrough(new LogIndex(match));
                        while (model.Count > 0 && model.Peek().Last <= match) model.Dequeue();
                        break;
                    default:
                        var bytes = (ulong)dice.Below(60);
                        window.Add(new LogIndex(++last), bytes);
                        model.Enqueue((last, bytes));
                        break;
                }
                var sum = model.Aggregate(0UL, (total, append) => total + append.Bytes);
                Assert.Equal((model.Count, sum), (window.Messages, window.Bytes));
                Assert.Equal(model.Count >= 5 || sum >= 100, window.IsFull);
            }
            window.FreeThrough(new LogIndex(last));
            Assert.Equal((0, 0UL), (window.Messages, window.Bytes));
        });
    }

    [Fact]
    public void A_peer_never_matches_what_was_not_sent_and_only_a_damaged_one_matches_less_than_before()
    {
        Dice.Throw(200, dice =>
        {
            var peer = new Progress(new MemberId(2), LogIndex.Zero, new InflightWindow(4, 1000));
            peer.ProbeFrom(new LogIndex(1));
            var lastStart = default(Boot);
            for (var step = 0; step < 100; step++)
            {
                var match = peer.Match;
                var newlyDamaged = false;
                switch (dice.Below(7))
                {
                    case 0: peer.ProbeFrom(new LogIndex((ulong)dice.Between(1, 20))); break;
                    case 1: peer.StartReplicating(); break;
                    case 2 when dice.OneIn(3): peer.AwaitSnapshot(new EntryId(new Term(1), new LogIndex(30)), step); break;
                    case 3:
                        // A later start of a damaged peer may have found new damage; the same start says nothing new.
                        var damaged = dice.OneIn(2);
                        var start = new Boot((ulong)dice.Between(1, 3));
                        newlyDamaged = damaged && (!peer.NotCounted || start != lastStart);
                        if (damaged) lastStart = start;
                        peer.SetNotCounted(damaged, start);
                        break;
                    case 4: peer.SentThrough(peer.Next + (ulong)dice.Below(3), 10); break;
                    default:
                        var said = new LogIndex((ulong)dice.Below(25));
                        Assert.Equal(said > match, peer.Acknowledge(said));
                        break;
                }
                Assert.True(peer.Match < peer.Next);
                Assert.True(newlyDamaged ? peer.Match == LogIndex.Zero : peer.Match >= match);
                if (peer.State != ProgressState.Replicate) Assert.Equal((0, 0UL), (peer.Inflight.Messages, peer.Inflight.Bytes));
            }
        });
    }

    [Fact]
    public void Every_proposal_comes_out_once_and_the_quota_is_exact()
    {
        Dice.Throw(200, dice =>
        {
            var pending = new PendingProposals();
            var model = new List<(ulong Index, uint Bytes)>();
            var answered = new SortedSet<ulong>();
            ulong last = 0, commit = 0;
            for (var step = 0; step < 120; step++)
            {
                switch (dice.Below(6))
                {
                    case 0:
                        commit = Math.Max(commit, (ulong)dice.Below((int)last + 1));
                        pending.CommitThrough(new LogIndex(commit));
                        break;
                    case 1:
                        while (pending.TryTakeApplied(new LogIndex(commit), out var applied))
                        {
                            Assert.Equal(model[0].Index, applied.Id.Index.Value);
                            Assert.True(answered.Add(applied.Id.Index.Value));
                            model.RemoveAt(0);
                        }
                        break;
                    case 2 when dice.OneIn(4):
                        var uncommittedOnly = dice.OneIn(2);
                        while (pending.TryTakeNewest(uncommittedOnly, out var taken))
                        {
                            Assert.Equal(model[^1].Index, taken.Id.Index.Value);
                            Assert.True(!uncommittedOnly || taken.Id.Index.Value > commit);
                            Assert.True(answered.Add(taken.Id.Index.Value));
                            model.RemoveAt(model.Count - 1);
                        }
                        break;
                    default:
                        var bytes = (uint)dice.Below(100);
                        var id = new EntryId(new Term(1), new LogIndex(++last));
                        pending.Add(new PendingProposals.Pending(id, new Correlation(last), bytes));
                        model.Add((last, bytes));
                        break;
                }
                var uncommitted = model.Where(p => p.Index > commit).ToArray();
                Assert.Equal(model.Count, pending.Count);
                Assert.Equal(uncommitted.Length, pending.UncommittedEntries);
                Assert.Equal(uncommitted.Aggregate(0UL, (sum, p) => sum + p.Bytes), pending.UncommittedBytes);
            }
        });
    }
}
