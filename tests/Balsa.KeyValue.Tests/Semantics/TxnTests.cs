using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>What a transaction does, and what its answers carry.</summary>
public abstract class TxnTests : SemanticsTests
{
    private protected TxnTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void An_empty_transaction_succeeds()
    {
        var answer = Txn(new TxnBuilder());
        Assert.Equal((StoreError.None, true, 1, 0), (answer.Error, answer.Succeeded, answer.Revision, answer.Responses.Count));
    }

    [Fact]
    public void The_compares_choose_the_branch()
    {
        var txn = () => new TxnBuilder().If(Is(CompareTarget.Version, "a", CompareResult.Equal)).Then(PutOf("a")).Else(DeleteOf("a"));
        var first = Txn(txn());
        Assert.Equal((true, OperationKind.Put), (first.Succeeded, first.Responses[0].Kind));
        var second = Txn(txn());
        Assert.Equal((false, OperationKind.Delete), (second.Succeeded, second.Responses[0].Kind));
    }

    [Fact]
    public void Later_operations_see_the_earlier_ones()
    {
        Put("a", "old");
        var answer = Txn(new TxnBuilder().Then(PutOf("b")).Then(RangeOf("a", "\0")).Then(DeleteOf("a")).Then(RangeOf("a", "\0")));
        Assert.Equal("a b", Keys(answer.Responses[1]));
        Assert.Equal("b", Keys(answer.Responses[3]));
    }

    [Fact]
    public void Nested_compares_are_evaluated_before_any_operation()
    {
        var nested = new TxnBuilder().If(Is(CompareTarget.Version, "a", CompareResult.Equal)).Then(PutOf("b")).Else(PutOf("c"));
        var answer = Txn(new TxnBuilder().Then(PutOf("a")).Then(nested));
        Assert.True(answer.Responses[1].Succeeded);
        Assert.Equal("a b", Keys(Get("\0", "\0")));
    }

    [Fact]
    public void Responses_carry_the_revision_that_their_operation_saw()
    {
        Put("a");
        var nested = new TxnBuilder().Then(PutOf("n")).Then(RangeOf("n"));
        var answer = Txn(new TxnBuilder()
            .Then(RangeOf("a")).Then(DeleteOf("x")).Then(nested).Then(RangeOf("a")).Then(DeleteOf("x")).Then(PutOf("b")));
        Assert.Equal(3, answer.Revision);
        Assert.Equal([2L, 2, 0, 3, 3, 3], answer.Responses.Select(response => response.Revision));
        Assert.Equal([3L, 3], answer.Responses[2].Responses.Select(response => response.Revision));
    }

    [Fact]
    public void All_changes_share_one_revision_and_are_created_by_it()
    {
        Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("b")));
        Assert.All(Get("a", "\0").Values, value => Assert.Equal((2, 2, 1), (value.Created, value.Modified, value.Version)));
    }

    [Fact]
    public void A_range_of_the_revision_before_does_not_see_the_transaction()
    {
        Put("a", "old");
        var answer = Txn(new TxnBuilder().Then(PutOf("a", "new")).Then(RangeOf("a", revision: 2)));
        Assert.Equal("old", Text(answer.Responses[1].Values[0].Value));
    }

    [Fact]
    public void A_range_of_a_future_or_compacted_revision_refuses_everything()
    {
        Put("a");
        Put("a");
        Compact(3);
        AssertRefused(StoreError.FutureRevision, Txn(new TxnBuilder().Then(PutOf("b")).Then(RangeOf("a", revision: 4))));
        AssertRefused(StoreError.Compacted, Txn(new TxnBuilder().Then(PutOf("b")).Then(RangeOf("a", revision: 2))));
        AssertDone(Txn(new TxnBuilder().Then(RangeOf("a", revision: 3))));
        Assert.Equal(3, Revision);
    }

    [Fact]
    public void A_negative_revision_counts_as_an_old_one_inside()
    {
        AssertDone(Txn(new TxnBuilder().Then(RangeOf("a", revision: -1))));
        Compact(0);
        AssertRefused(StoreError.Compacted, Txn(new TxnBuilder().Then(RangeOf("a", revision: -1))));
    }

    [Fact]
    public void What_is_not_on_the_way_is_not_checked_against_the_state()
    {
        var never = Is(CompareTarget.Version, "a", CompareResult.Greater, 5);
        AssertDone(Txn(new TxnBuilder().If(never).Then(RangeOf("a", revision: 99)).Then(PutOf("b", lease: 9)).Else(PutOf("a"))));
        var nested = new TxnBuilder().If(never).Then(RangeOf("a", revision: 99));
        AssertDone(Txn(new TxnBuilder().Then(nested)));
    }

    [Fact]
    public void An_unknown_lease_or_a_missing_key_refuses_everything()
    {
        AssertRefused(StoreError.LeaseNotFound, Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("b", lease: 9))));
        AssertRefused(StoreError.KeyNotFound, Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("b", "", 0, PutOptions.KeepValue))));
        Assert.Equal(1, Revision);
    }

    [Fact]
    public void Inside_a_missing_key_comes_before_an_unknown_lease() =>
        AssertRefused(StoreError.KeyNotFound, Txn(new TxnBuilder().Then(PutOf("b", "", 9, PutOptions.KeepValue))));

    [Fact]
    public void A_put_that_fails_comes_before_a_range_that_fails_wherever_they_stand() =>
        AssertRefused(
            StoreError.LeaseNotFound, Txn(new TxnBuilder().Then(RangeOf("a", revision: 99)).Then(PutOf("b", lease: 9))));

    [Theory]
    [InlineData(CompareTarget.Version, 2)]
    [InlineData(CompareTarget.Created, 2)]
    [InlineData(CompareTarget.Modified, 3)]
    [InlineData(CompareTarget.Lease, 5)]
    public void Every_number_compares_in_every_way(CompareTarget target, long number)
    {
        Grant(5);
        Put("a");
        Put("a", lease: 5);
        Assert.Equal((true, false, false), Outcomes(Is(target, "a", CompareResult.Equal, number)));
        Assert.Equal((false, true, false), Outcomes(Is(target, "a", CompareResult.Greater, number)));
        Assert.Equal((false, false, true), Outcomes(Is(target, "a", CompareResult.Less, number)));
        Assert.Equal((false, true, true), Outcomes(Is(target, "a", CompareResult.NotEqual, number)));
    }

    [Fact]
    public void Values_compare_as_bytes()
    {
        Put("a", "m");
        Assert.True(Holds(Is(CompareTarget.Value, "a", CompareResult.Equal, value: "m")));
        Assert.True(Holds(Is(CompareTarget.Value, "a", CompareResult.Less, value: "m\0")));
        Assert.True(Holds(Is(CompareTarget.Value, "a", CompareResult.Greater, value: "")));
        Assert.True(Holds(Is(CompareTarget.Value, "a", CompareResult.NotEqual, value: "\xff")));
    }

    [Fact]
    public void A_missing_key_compares_as_zeros()
    {
        foreach (var target in (CompareTarget[])[CompareTarget.Version, CompareTarget.Created, CompareTarget.Modified, CompareTarget.Lease])
        {
            Assert.True(Holds(Is(target, "a", CompareResult.Equal)));
            Assert.True(Holds(Is(target, "a", CompareResult.Greater, -1)));
            Assert.False(Holds(Is(target, "a", CompareResult.NotEqual)));
        }
    }

    [Fact]
    public void The_value_of_a_missing_key_never_holds()
    {
        foreach (var result in Enum.GetValues<CompareResult>()) Assert.False(Holds(Is(CompareTarget.Value, "a", result)));
        Assert.False(Holds(Is(CompareTarget.Value, "a", (CompareResult)9)));
    }

    [Fact]
    public void An_unknown_result_holds_and_an_unknown_target_counts_as_equal()
    {
        Put("a");
        Assert.True(Holds(Is(CompareTarget.Value, "a", (CompareResult)4, value: "other")));
        Assert.True(Holds(Is(CompareTarget.Version, "missing", (CompareResult)4, 9)));
        Assert.True(Holds(Is((CompareTarget)5, "a", CompareResult.Equal, 9)));
        Assert.False(Holds(Is((CompareTarget)5, "missing", CompareResult.NotEqual, 9)));
    }

    [Fact]
    public void All_keys_of_a_range_must_satisfy_and_an_empty_range_is_like_a_missing_key()
    {
        Put("a");
        Put("b");
        Put("b");
        Assert.True(Holds(Is(CompareTarget.Version, "a", CompareResult.Greater, 0, end: "c")));
        Assert.False(Holds(Is(CompareTarget.Version, "a", CompareResult.Equal, 1, end: "\0")));
        Assert.True(Holds(Is(CompareTarget.Version, "x", CompareResult.Equal, 0, end: "\0")));
        Assert.False(Holds(Is(CompareTarget.Value, "b", CompareResult.NotEqual, value: "x", end: "a")));
    }

    [Fact]
    public void All_compares_must_hold()
    {
        Put("a");
        var holds = Is(CompareTarget.Version, "a", CompareResult.Equal, 1);
        Assert.True(Txn(new TxnBuilder().If(holds).If(holds)).Succeeded);
        Assert.False(Txn(new TxnBuilder().If(holds).If(Is(CompareTarget.Version, "a", CompareResult.Equal, 2))).Succeeded);
    }

    private bool Holds(in CompareClause clause) => Txn(new TxnBuilder().If(clause)).Succeeded;

    /// <summary>With the number that is there, one less, and one more.</summary>
    private (bool Same, bool Less, bool More) Outcomes(CompareClause clause) =>
        (Holds(clause), Holds(clause with { Number = clause.Number - 1 }), Holds(clause with { Number = clause.Number + 1 }));
}

public sealed class TxnTestsOfTheStore() : TxnTests(new RealStore());

public sealed class TxnTestsOfTheModel() : TxnTests(new Model());
