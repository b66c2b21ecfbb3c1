using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;
using static Balsa.Simulation.Tests.Judging.Told;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>The rules of the replay, each with a history that keeps it and one that breaks it.</summary>
public sealed class ReplayTests
{
    private const Verdict Good = Balsa.Simulation.Judging.Verdict.Linearizable;
    private const Verdict Bad = Balsa.Simulation.Judging.Verdict.NotLinearizable;

    [Fact]
    public void A_read_sees_what_was_there_at_its_revision()
    {
        Holds(Put(1, 2, "a").At(2), Put(3, 4, "b").At(3), Get(5, 6, "b").At(3));
        Breaks("had \"b\" of revision 3", Put(1, 2, "a").At(2), Put(3, 4, "b").At(3), Get(3, 6, "a").At(3));
        Breaks("not what the change left", Put(1, 2, "a").At(2), Put(3, 4, "a").At(3), Get(3, 6, "a").At(3) with { Modified = 2 });
    }

    [Fact]
    public void Revisions_follow_the_time()
    {
        Holds(Put(1, 9, "a").At(3), Put(2, 8, "b").At(2));
        Breaks("behind", Put(1, 2, "a").At(3), Put(3, 4, "b").At(2));
        Breaks("behind", Put(1, 2, "a").At(2), Put(3, 4, "b").At(3), Get(5, 6, "a").At(2));
    }

    [Fact]
    public void A_stale_read_may_see_an_earlier_state_but_none_of_the_future()
    {
        var stale = Get(5, 6, "a").At(2) with { IsStale = true };
        Holds(Put(1, 2, "a").At(2), Put(3, 4, "b").At(3), stale);
        Breaks("had \"a\"", Put(1, 2, "a").At(2), Put(3, 4, "b").At(3), stale with { Found = "b" });
        Breaks("behind", stale, Put(7, 8, "a").At(2));
        Breaks("behind", Put(1, 2, "a").At(2), stale with { Revision = 3, Found = "b" }, Get(7, 8, "a").At(2), Put(1, 9, "b").At(3));
    }

    [Fact]
    public void A_revision_that_nobody_was_told_needs_a_write_of_unknown_outcome()
    {
        Holds(Put(1, 2, "a").Unknown(), Get(3, 4, "a").At(2));
        Holds(Put(1, 2, "a").Unknown(), Put(3, 4, "b").At(2), Get(5, 6, "b").At(2));
        Breaks("nobody was told", Put(1, 2, "b").At(3), Get(3, 4, "b").At(3));
        Breaks("nobody was told", Get(1, 2, "a").At(2), Put(3, 4, "a").Unknown());
        // One write cannot explain two revisions.
        Breaks("nobody was told", Put(1, 2, "a").Unknown(), Put(3, 4, "b").At(3), Put(5, 6, "c").At(5));
    }

    [Fact]
    public void A_guess_that_turns_out_wrong_is_taken_back()
    {
        var first = Put(1, 2, "a").Unknown();
        var second = Put(1, 2, "b").Unknown();
        Holds(first, second, Get(3, 4, "b").At(2), Get(5, 6, "a").At(3));
        Holds(first, second, Get(3, 4, "a").At(2), Get(5, 6, "b").At(3));
        Breaks("had", first, second, Get(3, 4, "b").At(2), Get(5, 6, "c").At(3));
    }

    [Fact]
    public void A_conditional_put_needs_its_revision()
    {
        Holds(PutIf(1, 2, 0, "a", met: true).At(2), PutIf(3, 4, 2, "b", met: true).At(3), PutIf(5, 6, 2, "c", met: false).At(3));
        Breaks("two changes", PutIf(1, 9, 0, "a", met: true).At(2), PutIf(1, 9, 0, "b", met: true).At(2));
        Breaks("not what the change left", Put(1, 2, "a").At(2), Put(3, 4, "a").At(3), PutIf(5, 6, 2, "c", met: true).At(4));
        Breaks("held", Put(1, 2, "a").At(2), PutIf(5, 6, 2, "c", met: false).At(2));
    }

    [Fact]
    public void A_delete_that_met_nothing_gets_no_revision()
    {
        Holds(Delete(1, 2, met: false).At(1), Put(3, 4, "a").At(2), Delete(5, 6, met: true).At(3), Get(7, 8, null).At(3));
        Holds(Delete(1, 2).At(1), Put(3, 4, "a").At(2), Delete(5, 6).At(3), Delete(7, 8).At(3));
        Breaks("changed nothing", Delete(1, 2).At(2));
        Breaks("did not hold", Delete(1, 2, met: true).At(2));
    }

    [Fact]
    public void A_transaction_happens_in_one_moment()
    {
        Compare[] absent = [new("x", CompareTarget.Version, 0, null, 0)];
        var put = new Part { Kind = OperationKind.Put, Key = "x", Value = "1" };
        Part[] puts = [put, put with { Key = "y" }];
        Part[] reads = [new() { Kind = OperationKind.Get, Key = "y", Found = "1", Modified = 2 }];
        var txn = Get(1, 2, null) with { Kind = OperationKind.Txn, Compares = absent, Then = puts, Else = reads };
        var all = Get(3, 4, null).At(2) with { Kind = OperationKind.Range, Key = "x", RangeEnd = "z" };
        var both = all with { Items = [new Item("x", "1", 2), new Item("y", "1", 2)] };
        var refused = txn with { Begin = 5, End = 6, Met = false, Revision = 2 };
        Holds(txn with { Met = true, Revision = 2 }, both, refused);
        Breaks("the range had 2 keys", txn with { Met = true, Revision = 2 }, all with { Items = [new Item("x", "1")] });
        Breaks("the comparisons", txn with { Met = true, Revision = 2 }, refused with { Met = true, Revision = 3 });
        Holds(txn.Unknown(), both);
    }

    [Fact]
    public void A_lease_ends_with_all_its_keys_but_not_before_its_time()
    {
        var grant = Get(1, 2, null).At(1) with { Kind = OperationKind.Grant, Lease = 7, TimeToLive = 100 };
        var put = Put(3, 4, "a").At(2) with { Lease = 7 };
        var other = put with { Key = "k2", Begin = 5, End = 6, Revision = 3 };
        Holds(grant, put, other, Get(200, 201, null).At(4), Get(202, 203, null).At(4) with { Key = "k2" });
        Breaks("nobody was told", grant, put, other, Get(50, 51, null).At(4));
        Breaks("had no value", grant, put, other, Get(200, 201, null).At(4), Get(202, 203, "a").At(4) with { Key = "k2" });
        var renewal = grant with { Kind = OperationKind.KeepAlive, Begin = 90, End = 95, Revision = 2, Met = true };
        Holds(grant, put, renewal, Get(195, 196, null).At(3));
        Breaks("nobody was told", grant, put, renewal, Get(150, 151, null).At(3));
        var revoke = grant with { Kind = OperationKind.Revoke, Begin = 20, End = 21, Revision = 3, Met = true };
        Holds(grant, put, revoke, Get(50, 51, null).At(3));
        Breaks("no lease", grant, put, revoke, Put(60, 61, "b").At(4) with { Lease = 7 });
    }

    [Fact]
    public void The_window_of_a_long_history_is_short()
    {
        var operations = new List<Operation>();
        for (var i = 0; i < 2_000; i++)
        {
            operations.Add(Put(10 * i, 10 * i + 1, $"{i}").At(i + 2));
            operations.Add(Get(10 * i + 2, 10 * i + 3, i == 1_500 ? "1499" : $"{i}").At(i + 2));
        }

        var judgement = Judge.Decide(new History(operations), () => false);
        Assert.Equal((Bad, Oracle.Revisions), (judgement.Verdict, judgement.Oracle));
        Assert.InRange(judgement.Window.Count, 1, 3);
        Assert.Contains(WindowText.Of(judgement), line => line.Contains("get k: \"1499\"", StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_history_with_many_unknown_writes_is_judged_in_one_pass()
    {
        var operations = new List<Operation>();
        var revision = 1L;
        for (var i = 0; i < 50_000; i++)
        {
            var isUnknown = i % 100 == 99;
            // Every other one of these happened, and half of those are overwritten before anybody sees them.
            if (!isUnknown || i % 200 == 199) revision++;
            var put = Put(10 * i, 10 * i + 5, $"{i}");
            operations.Add(isUnknown ? put.Unknown() : put.At(revision));
            if (i % 200 != 99 && i % 400 != 199)
                operations.Add(Get(10 * i + 6, 10 * i + 7, $"{i}").At(revision) with { Modified = revision });
        }

        var steps = 0;
        Assert.Equal(Good, Judge.Decide(new History(operations), () => ++steps > 1_000).Verdict);
    }

    [Fact]
    public void Hundreds_of_writes_of_unknown_outcome_are_decided_with_few_guesses()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var operations = new StormyHistory(seed, rounds: 40, isReadAtTheEnd: false).Operations;
            Assert.InRange(operations.Count(operation => operation.Outcome == Outcome.Unknown), 400, 600);
            Assert.True(Decide(operations) == Good, $"seed {seed}");
            // A value that nobody wrote, and no word about when: no guess explains it, and all that could must be tried.
            var place = operations.FindLastIndex(operation => operation.Kind == OperationKind.Get);
            operations[place] = operations[place] with { Found = "never", Modified = null };
            Assert.True(Decide(operations) == Bad, $"seed {seed}, with a wrong answer");
        }

        static Verdict Decide(List<Operation> operations)
        {
            var steps = 0;
            return Judge.Decide(new History(operations), () => ++steps > 200).Verdict;
        }
    }

    [Fact]
    public void More_revisions_than_writes_that_could_have_got_them_are_wrong_at_once()
    {
        var operations = new List<Operation>();
        for (var i = 0; i < 40; i++) operations.Add((Put(1, 2, $"{i}") with { Key = $"k{i}" }).Unknown());
        operations.Add(Put(3, 4, "a").At(42));
        Holds([.. operations]);
        operations[^1] = Put(3, 4, "a").At(43);
        var steps = 0;
        var judgement = Judge.Decide(new History(operations), () => ++steps > 10);
        Assert.Equal(Bad, judgement.Verdict);
        Assert.Contains("needed for others", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_change_found_before_itself_can_still_depend_on_a_guess()
    {
        // Whoever is taken for revision 3 first: only the delete lets the put after it find nothing.
        var delete = Delete(1, 2).Unknown();
        var other = (Put(3, 4, "x") with { Key = "other" }).Unknown();
        Holds(Put(1, 2, "y").At(2), delete, other, PutIf(5, 6, 0, "z", met: true).At(4));
        Holds(Put(1, 2, "y").At(2), other, delete, PutIf(5, 6, 0, "z", met: true).At(4), Get(7, 8, "z").At(4));
    }

    [Fact]
    public void A_history_without_revisions_is_searched_and_cannot_be_replayed()
    {
        var history = new History([Put(1, 2, "a"), Get(3, 4, "a").At(2)]);
        Assert.Equal(Oracle.Search, Judge.Decide(history, () => false).Oracle);
        Assert.Throws<HistoryException>(() => Judge.Decide(history, () => false, Oracle.Revisions));
        var lease = Put(1, 2, "a").At(2) with { Lease = 7 };
        Assert.Throws<HistoryException>(() => Judge.Decide(new History([lease]), () => false, Oracle.Search));
    }

    private static void Holds(params Operation[] operations)
    {
        var judgement = Judge.Decide(new History(operations), () => false, Oracle.Revisions);
        Assert.True(judgement.Verdict == Good, judgement.Reason);
    }

    private static void Breaks(string reason, params Operation[] operations)
    {
        var judgement = Judge.Decide(new History(operations), () => false, Oracle.Revisions);
        Assert.Equal(Bad, judgement.Verdict);
        Assert.Contains(reason, judgement.Reason, StringComparison.OrdinalIgnoreCase);
    }
}
