using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Randomness;
using static Balsa.Simulation.Tests.Judging.Told;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>Each rule with a history that keeps it and one that breaks it.</summary>
public sealed class JudgeTests
{
    private const Verdict Good = Balsa.Simulation.Judging.Verdict.Linearizable;
    private const Verdict Bad = Balsa.Simulation.Judging.Verdict.NotLinearizable;

    [Fact]
    public void A_read_after_a_write_sees_it()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Put(3, 4, "b"), Get(5, 6, "b")));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Put(3, 4, "b"), Get(5, 6, "a")));
    }

    [Fact]
    public void An_acknowledged_write_is_not_lost()
    {
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Get(3, 4, null)));
        Assert.Equal(Good, Verdict(Get(1, 4, null), Put(2, 3, "a")));
    }

    [Fact]
    public void Operations_that_touch_in_one_moment_overlap()
    {
        Assert.Equal(Good, Verdict(Put(1, 5, "a"), Get(5, 6, null)));
        Assert.Equal(Bad, Verdict(Put(1, 5, "a"), Get(6, 7, null)));
    }

    [Fact]
    public void Concurrent_reads_may_see_either_side_of_a_write_and_none_goes_back()
    {
        Assert.Equal(Good, Verdict(Put(1, 10, "a"), Get(2, 9, "a"), Get(3, 8, null)));
        Assert.Equal(Good, Verdict(Put(1, 10, "a"), Get(2, 3, null), Get(4, 5, "a")));
        Assert.Equal(Bad, Verdict(Put(1, 10, "a"), Get(2, 3, "a"), Get(4, 5, null)));
    }

    [Fact]
    public void A_write_of_unknown_outcome_may_be_seen_late_or_never_and_then_stays()
    {
        var unknown = Put(1, 2, "a").Unknown();
        Assert.Equal(Good, Verdict(unknown, Get(3, 4, null)));
        Assert.Equal(Good, Verdict(unknown, Get(3, 4, null), Put(5, 6, "b"), Get(7, 8, "b"), Get(9, 10, "a")));
        Assert.Equal(Bad, Verdict(unknown, Get(3, 4, "a"), Get(5, 6, null)));
        Assert.Equal(Bad, Verdict(Get(1, 2, "a"), Put(3, 4, "a").Unknown()));
    }

    [Fact]
    public void A_write_of_unknown_outcome_happens_once()
    {
        Assert.Equal(Bad, Verdict(Put(1, 2, "a").Unknown(), Get(3, 4, "a"), Put(5, 6, "b"), Get(7, 8, "b"), Get(9, 10, "a")));
        Assert.Equal(
            Good,
            Verdict(Put(1, 2, "a").Unknown(), Put(1, 2, "a").Unknown(), Get(3, 4, "a"), Put(5, 6, "b"), Get(7, 8, "b"), Get(9, 10, "a")));
        Assert.Equal(Good, Verdict(Append(1, 2, "x").Unknown(), Get(3, 4, "x")));
        Assert.Equal(Bad, Verdict(Append(1, 2, "x").Unknown(), Get(3, 4, "xx")));
    }

    [Fact]
    public void What_was_not_done_is_never_seen()
    {
        var refused = Put(1, 2, "a") with { Outcome = Outcome.NotDone };
        Assert.Equal(Good, Verdict(refused, Get(3, 4, null)));
        Assert.Equal(Bad, Verdict(refused, Get(3, 4, "a")));
    }

    [Fact]
    public void A_read_without_an_answer_says_nothing()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Get(3, 4, null).Unknown(), Get(5, 6, "a")));
    }

    [Fact]
    public void A_swap_needs_the_expected_value_and_a_refused_one_another()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Swap(3, 4, "a", "b", met: true), Get(5, 6, "b")));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Swap(3, 4, "b", "c", met: true)));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Swap(3, 4, "a", "b", met: false)));
        Assert.Equal(Good, Verdict(Swap(1, 2, null, "a", met: true), Swap(3, 4, null, "b", met: false), Get(5, 6, "a")));
        Assert.Equal(Bad, Verdict(Swap(1, 9, null, "a", met: true), Swap(1, 9, null, "b", met: true)));
    }

    [Fact]
    public void A_swap_of_unknown_outcome_changes_only_what_it_expects()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Swap(3, 4, "a", "b", met: true).Unknown(), Get(5, 6, "a"), Get(7, 8, "b")));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Swap(3, 4, "c", "b", met: true).Unknown(), Get(5, 6, "b")));
    }

    [Fact]
    public void A_delete_leaves_nothing_and_says_whether_there_was_something()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Delete(3, 4, met: true), Get(5, 6, null), Delete(7, 8, met: false), Delete(9, 9)));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Delete(3, 4), Get(5, 6, "a")));
        Assert.Equal(Bad, Verdict(Delete(3, 4, met: true)));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Delete(3, 4, met: false)));
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Delete(3, 4).Unknown(), Get(5, 6, "a"), Get(7, 8, null)));
    }

    [Fact]
    public void A_replace_needs_a_value()
    {
        Assert.Equal(Good, Verdict(Replace(1, 2, "a", met: false), Put(3, 4, "b"), Replace(5, 6, "c", met: true), Get(7, 8, "c")));
        Assert.Equal(Bad, Verdict(Replace(1, 2, "a", met: true)));
        Assert.Equal(Bad, Verdict(Put(1, 2, "b"), Replace(3, 4, "a", met: false)));
    }

    [Fact]
    public void Appends_are_seen_in_one_order()
    {
        Assert.Equal(Good, Verdict(Append(1, 9, "x"), Append(1, 9, "y"), Get(10, 11, "yx"), Get(12, 13, "yx")));
        Assert.Equal(Bad, Verdict(Append(1, 9, "x"), Append(1, 9, "y"), Get(10, 11, "yx"), Get(12, 13, "xy")));
        Assert.Equal(Bad, Verdict(Append(1, 9, "x"), Append(1, 9, "y"), Get(10, 11, "y")));
    }

    [Fact]
    public void Transactions_and_ranges_are_searched_without_revisions()
    {
        var put = new Part { Kind = OperationKind.Put, Key = "x", Value = "1" };
        Part[] both = [put, put with { Key = "y" }];
        var txn = Get(1, 5, null) with { Kind = OperationKind.Txn, Then = both, Met = true };
        var range = Get(2, 4, null) with { Kind = OperationKind.Range, Key = "x", RangeEnd = "z" };
        Assert.Equal(Good, Verdict(txn, range with { Items = [] }));
        Assert.Equal(Good, Verdict(txn, range with { Items = [new Item("x", "1"), new Item("y", "1")] }));
        Assert.Equal(Bad, Verdict(txn, range with { Items = [new Item("y", "1")] }));
        Assert.Equal(Bad, Verdict(txn, Get(6, 7, null) with { Key = "y" }));
    }

    [Fact]
    public void A_history_of_many_clients_that_append_is_judged_fast()
    {
        for (var seed = 0UL; seed < 10; seed++)
        {
            // One key, ten clients at a time, few reads: the order of the appends between two reads is all there is to find.
            var dice = new Dice(seed);
            var (operations, value) = (new List<Operation>(), "");
            for (var i = 0; i < 1_000; i++)
            {
                var (begin, end) = (10 * i - dice.Below(50), 10 * i + dice.Below(50));
                var isRead = dice.Chance(200);
                if (!isRead) value += $" {i}";
                operations.Add(isRead ? Get(begin, end, value.Length > 0 ? value : null) : Append(begin, end, $" {i}"));
            }

            var steps = 0;
            Assert.Equal(Good, Judge.Decide(new History(operations), () => ++steps > 200).Verdict);
        }
    }

    [Fact]
    public void Keys_do_not_touch_each_other_and_one_wrong_key_is_enough()
    {
        Assert.Equal(Good, Verdict(Put(1, 2, "a"), Get(3, 4, null) with { Key = "other" }));
        Assert.Equal(Bad, Verdict(Put(1, 2, "a"), Get(3, 4, "b") with { Key = "other" }));
    }

    [Fact]
    public void Without_patience_the_verdict_is_unknown()
    {
        var history = new History([Put(1, 2, "a"), Get(3, 4, null)]);
        Assert.Equal(Balsa.Simulation.Judging.Verdict.Unknown, Judge.Decide(history, () => true).Verdict);
    }

    [Fact]
    public void A_hundred_thousand_operations_of_one_key_are_judged_although_some_never_ended()
    {
        var operations = new List<Operation>();
        for (var i = 0; i < 50_000; i++)
        {
            operations.Add(i % 5_000 == 0 ? Put(10 * i, 10 * i + 12, "lost").Unknown() : Put(10 * i, 10 * i + 12, $"{i}"));
            if (i % 5_000 != 0) operations.Add(Get(10 * i + 13, 10 * i + 14, $"{i}") with { Begin = 10 * i + 9, End = 10 * i + 19 });
        }

        Assert.Equal(Good, Verdict([.. operations]));
    }

    [Fact]
    public void The_window_shows_only_what_is_wrong_and_is_wrong_by_itself()
    {
        var operations = new List<Operation>();
        for (var i = 0; i < 200; i++)
        {
            operations.Add(Put(10 * i, 10 * i + 1, $"{i}"));
            operations.Add(Get(10 * i + 2, 10 * i + 3, i == 150 ? "149" : $"{i}"));
        }

        var judgement = Judge.Decide(new History(operations), () => false);
        Assert.Equal(Bad, judgement.Verdict);
        Assert.Equal(["149", "150", "149"], judgement.Window.Select(operation => operation.Value ?? operation.Found));
        Assert.Equal(Bad, Verdict([.. judgement.Window]));
    }

    [Fact]
    public void The_window_keeps_a_write_that_a_read_of_it_needs()
    {
        var judgement = Judge.Decide(new History([Put(1, 2, "a"), Get(3, 4, "a"), Get(5, 6, null)]), () => false);
        Assert.Equal([OperationKind.Put, OperationKind.Get], judgement.Window.Select(operation => operation.Kind));
        Assert.Null(judgement.Window[1].Found);
    }
}
