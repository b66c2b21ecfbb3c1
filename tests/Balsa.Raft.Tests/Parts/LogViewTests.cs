using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Parts;

/// <summary>What the core knows of its log, against a plain list of entries.</summary>
public sealed class LogViewTests
{
    private sealed class Model(EntryId boundary)
    {
        internal EntryId Boundary = boundary;
        internal List<(EntryId Id, uint Bytes)> Entries { get; } = [];

        internal EntryId Last => Entries.Count > 0 ? Entries[^1].Id : Boundary;
    }

    private static void Step(Dice dice, LogView log, Model model)
    {
        switch (dice.Below(8))
        {
            case 0 when model.Entries.Count > 0:
                var from = model.Entries[dice.Below(model.Entries.Count)].Id.Index;
                if (from <= log.Snapshot.Index) return;
                log.TruncateFrom(from);
                model.Entries.RemoveAll(e => e.Id.Index >= from);
                break;
            case 1 when model.Entries.Count > 0:
                var kept = model.Entries[dice.Below(model.Entries.Count)].Id;
                if (kept.Index < log.Snapshot.Index) return;
                log.Snapshot = kept;
                log.CompactTo(kept.Index);
                model.Entries.RemoveAll(e => e.Id.Index <= kept.Index);
                model.Boundary = kept;
                break;
            default:
                var term = new Term(model.Last.Term.Value + (ulong)(dice.OneIn(3) ? 1 : 0));
                var id = new EntryId(term, model.Last.Index.Next);
                var bytes = (uint)dice.Below(50);
                log.Append(id, bytes);
                model.Entries.Add((id, bytes));
                break;
        }
    }

    [Fact]
    public void Every_lookup_tells_found_from_compacted_from_beyond_the_end()
    {
        Dice.Throw(100, dice =>
        {
            var start = dice.OneIn(2) ? EntryId.Start : new EntryId(new Term(2), new LogIndex(7));
            var (log, model) = (new LogView(16), new Model(start));
            log.Reset(start);
            log.Snapshot = start;
            for (var step = 0; step < 80; step++)
            {
                Step(dice, log, model);
                Assert.Equal(model.Last, log.Last);
                Assert.Equal(model.Boundary, log.Boundary);
                for (var index = 0UL; index <= model.Last.Index.Value + 3; index++) CheckLookup(log, model, new LogIndex(index));
            }
        });
    }

    private static void CheckLookup(LogView log, Model model, LogIndex index)
    {
        var found = log.Look(index, out var term);
        if (index < model.Boundary.Index) Assert.Equal(TermLookup.Compacted, found);
        else if (index > model.Last.Index) Assert.Equal(TermLookup.BeyondEnd, found);
        else
        {
            var expected = index == model.Boundary.Index ? model.Boundary : model.Entries[(int)(index - model.Boundary.Index) - 1].Id;
            Assert.Equal(TermLookup.Found, found);
            Assert.Equal(expected.Term, term);
            Assert.True(log.Holds(expected));
            Assert.False(log.Holds(expected with { Term = expected.Term.Next() }));
        }
        if (found != TermLookup.Found) Assert.False(log.Holds(new EntryId(Term.Zero, index)));
    }

    [Fact]
    public void Bytes_and_reach_are_those_of_the_newest_entries()
    {
        Dice.Throw(100, dice =>
        {
            var (log, model) = (new LogView(16), new Model(EntryId.Start));
            log.Reset(EntryId.Start);
            for (var step = 0; step < 80; step++)
            {
                Step(dice, log, model);
                if (log.FirstSized > log.Last.Index) continue;
                var first = LogIndex.Larger(log.FirstSized, log.FirstIndex) + (ulong)dice.Below(4);
                if (first > log.Last.Index) continue;
                var (bytesMax, entriesMax) = ((ulong)dice.Below(150), (uint)dice.Between(1, 9));
                var reach = log.Reach(first, bytesMax, entriesMax);
                Assert.Equal(NaiveReach(model, first, bytesMax, entriesMax), reach);
                Assert.Equal(NaiveBytes(model, first, reach), log.BytesOf(first, reach));
            }
        });
    }

    private static ulong NaiveBytes(Model model, LogIndex first, LogIndex last) =>
        model.Entries.Where(e => e.Id.Index >= first && e.Id.Index <= last).Aggregate(0UL, (sum, e) => sum + e.Bytes);

    private static LogIndex NaiveReach(Model model, LogIndex first, ulong bytesMax, uint entriesMax)
    {
        var reach = first;
        while (reach < model.Last.Index && reach.Value - first.Value + 1 < entriesMax && NaiveBytes(model, first, reach.Next) <= bytesMax)
            reach = reach.Next;
        return reach;
    }

    [Fact]
    public void At_least_the_newest_fifteen_sizes_of_sixteen_slots_are_known()
    {
        var log = new LogView(16);
        log.Reset(EntryId.Start);
        for (var i = 1UL; i <= 100; i++)
        {
            log.Append(new EntryId(new Term(1), new LogIndex(i)), (uint)i);
            Assert.True(log.Last.Index.Value - log.FirstSized.Value + 1 >= Math.Min(i, 15));
        }
    }
}
