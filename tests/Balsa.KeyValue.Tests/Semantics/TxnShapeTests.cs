using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>What refuses a transaction whatever the state: sizes, keys, and keys that would be written twice.</summary>
public abstract class TxnShapeTests : SemanticsTests
{
    private protected TxnShapeTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void A_list_holds_128_and_not_129()
    {
        AssertDone(Txn(Deletes(new TxnBuilder(), 128)));
        AssertRefused(StoreError.TooManyOperations, Txn(Deletes(new TxnBuilder(), 129)));
    }

    [Fact]
    public void Compares_and_the_branch_not_taken_count_as_well()
    {
        var compares = new TxnBuilder();
        for (var i = 0; i < 129; i++) compares.If(Is(CompareTarget.Version, "a", CompareResult.Equal));
        AssertRefused(StoreError.TooManyOperations, Txn(compares));
        var failure = new TxnBuilder();
        for (var i = 0; i < 129; i++) failure.Else(DeleteOf("a"));
        AssertRefused(StoreError.TooManyOperations, Txn(failure));
    }

    [Fact]
    public void A_nested_transaction_has_what_its_parent_left()
    {
        AssertDone(Txn(new TxnBuilder().Then(Deletes(new TxnBuilder(), 127))));
        AssertRefused(StoreError.TooManyOperations, Txn(new TxnBuilder().Then(Deletes(new TxnBuilder(), 128))));
        AssertDone(Txn(new TxnBuilder().Then(DeleteOf("a")).Then(Deletes(new TxnBuilder(), 126))));
        AssertRefused(StoreError.TooManyOperations, Txn(new TxnBuilder().Then(DeleteOf("a")).Then(Deletes(new TxnBuilder(), 127))));
    }

    [Fact]
    public void Siblings_do_not_add_up() =>
        AssertDone(Txn(new TxnBuilder().Then(Deletes(new TxnBuilder(), 126)).Then(Deletes(new TxnBuilder(), 126))));

    [Fact]
    public void Empty_keys_are_refused_everywhere()
    {
        AssertRefused(StoreError.KeyNotProvided, Txn(new TxnBuilder().If(Is(CompareTarget.Version, "", CompareResult.Equal, end: "\0"))));
        AssertRefused(StoreError.KeyNotProvided, Txn(new TxnBuilder().Then(RangeOf(""))));
        AssertRefused(StoreError.KeyNotProvided, Txn(new TxnBuilder().Else(PutOf(""))));
        AssertRefused(StoreError.KeyNotProvided, Txn(new TxnBuilder().Then(new TxnBuilder().Else(DeleteOf("")))));
    }

    [Fact]
    public void Options_that_contradict_are_refused_in_the_branch_not_taken_too()
    {
        AssertRefused(StoreError.ValueProvided, Txn(new TxnBuilder().Else(PutOf("a", "v", 0, PutOptions.KeepValue))));
        AssertRefused(StoreError.LeaseProvided, Txn(new TxnBuilder().Else(PutOf("a", "v", 3, PutOptions.KeepLease))));
    }

    [Fact]
    public void An_operation_left_unset_is_refused_as_a_missing_key() =>
        AssertRefused(StoreError.KeyNotFound, Txn(new TxnBuilder().Then(PutOf("a")).Then(OperationKind.None, [])));

    [Fact]
    public void Sizes_come_before_keys_and_compares_before_operations_and_all_before_duplicates()
    {
        AssertRefused(StoreError.TooManyOperations, Txn(Deletes(new TxnBuilder().Then(PutOf("")), 128)));
        AssertRefused(
            StoreError.KeyNotProvided,
            Txn(new TxnBuilder().If(Is(CompareTarget.Version, "", CompareResult.Equal)).Then(OperationKind.None, [])));
        AssertRefused(
            StoreError.ValueProvided,
            Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("a")).Else(PutOf("a", "v", 0, PutOptions.KeepValue))));
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(PutOf("a", lease: 9)).Then(PutOf("a"))));
    }

    [Fact]
    public void What_cannot_be_read_inside_refuses_the_whole()
    {
        AssertRefused(StoreError.Malformed, Txn(new TxnBuilder().Then(PutOf("a")).Then(OperationKind.Put, [1, 2, 3])));
        AssertRefused(StoreError.Malformed, Txn(new TxnBuilder().Then(PutOf("a")).Then((OperationKind)9, [])));
        Assert.Equal(1, Revision);
    }

    [Fact]
    public void A_key_is_put_once_only()
    {
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("a"))));
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Else(PutOf("a")).Else(PutOf("a"))));
        AssertDone(Txn(new TxnBuilder().Then(PutOf("a")).Else(PutOf("a"))));
    }

    [Fact]
    public void A_key_is_not_put_and_deleted_in_either_order()
    {
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(PutOf("b")).Then(DeleteOf("a", "c"))));
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(DeleteOf("b")).Then(PutOf("b"))));
        AssertDone(Txn(new TxnBuilder().Then(DeleteOf("a", "b")).Then(PutOf("b"))));
    }

    [Fact]
    public void Deletes_may_overlap_and_the_second_finds_nothing()
    {
        Put("a");
        var answer = Txn(new TxnBuilder().Then(DeleteOf("a", "c")).Then(DeleteOf("a", previous: true)));
        Assert.Equal([1L, 0], answer.Responses.Select(response => response.Count));
        Assert.Empty(answer.Responses[1].Values);
    }

    [Fact]
    public void A_put_and_a_range_of_the_same_key_are_fine() =>
        AssertDone(Txn(new TxnBuilder().Then(PutOf("a")).Then(RangeOf("a", "b"))));

    [Fact]
    public void The_branches_of_one_nested_transaction_exclude_each_other()
    {
        AssertDone(Txn(new TxnBuilder().Then(new TxnBuilder().Then(PutOf("a")).Else(PutOf("a")))));
        AssertDone(Txn(new TxnBuilder().Then(new TxnBuilder().Then(DeleteOf("a", "c")).Else(PutOf("b")))));
    }

    [Fact]
    public void What_a_nested_transaction_could_put_counts_outside_of_it()
    {
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(PutOf("a")).Then(new TxnBuilder().Else(PutOf("a")))));
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(DeleteOf("a")).Then(new TxnBuilder().Else(PutOf("a")))));
        AssertRefused(
            StoreError.DuplicateKey,
            Txn(new TxnBuilder().Then(new TxnBuilder().Then(PutOf("a"))).Then(new TxnBuilder().Else(PutOf("a")))));
    }

    [Fact]
    public void Everything_from_a_key_on_covers_no_put_as_in_etcd()
    {
        var answer = Txn(new TxnBuilder().Then(DeleteOf("\0", "\0")).Then(PutOf("zz")));
        AssertDone(answer);
        Assert.Equal("zz", Keys(Get("\0", "\0")));
        Txn(new TxnBuilder().Then(PutOf("zzz")).Then(DeleteOf("\0", "\0")));
        Assert.Equal((0, 3), (Get("\0", "\0").Count, Revision));
    }

    private static TxnBuilder Deletes(TxnBuilder into, int count)
    {
        for (var i = 0; i < count; i++) into.Then(DeleteOf("a"));
        return into;
    }
}

public sealed class TxnShapeTestsOfTheStore() : TxnShapeTests(new RealStore());

public sealed class TxnShapeTestsOfTheModel() : TxnShapeTests(new Model());
