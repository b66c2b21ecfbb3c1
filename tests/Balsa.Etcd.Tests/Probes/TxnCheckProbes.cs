using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Why transactions are refused, and which reason wins.</summary>
public sealed class TxnCheckProbes
{
    private const string Empty = "error 3: etcdserver: key is not provided";
    private const string NotFound = "error 3: etcdserver: key not found";
    private const string Duplicate = "error 3: etcdserver: duplicate key given in txn request";
    private const string TooMany = "error 3: etcdserver: too many operations in txn request";
    private const string NoLease = "error 5: etcdserver: requested lease not found";

    private static List<Step> Ranges(int count) => [.. Enumerable.Range(0, count).Select(_ => Range("k"))];

    private static List<Condition> Conditions(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Is(CompareTarget.Version, "k", CompareResult.Equal, 0))];

    private static string Answered(int count) => string.Concat(Enumerable.Repeat(" [revision 1, count 0]", count));

    [Fact]
    public async Task A_list_holds_128_operations_or_conditions()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Txn(Ranges(127)), $"revision 1, then{Answered(127)}");
        await bed.ExpectAsync(Txn(Ranges(128)), $"revision 1, then{Answered(128)}");
        await bed.ExpectAsync(Txn(Ranges(129)), TooMany);
        await bed.ExpectAsync(Else(Ranges(129)), TooMany);
        await bed.ExpectAsync(If(Conditions(128)), "revision 1, then");
        await bed.ExpectAsync(If(Conditions(129)), TooMany);
    }

    [Fact]
    public async Task A_transaction_inside_has_what_the_longest_list_outside_leaves()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Txn(Txn(Ranges(127))), $"revision 1, then [revision 0, then{Answered(127)}]");
        await bed.ExpectAsync(Txn(Txn(Ranges(128))), TooMany);
        await bed.ExpectAsync(Txn(Txn(Ranges(129))), TooMany);
        await bed.ExpectAsync(Txn(Txn(Ranges(126)), Txn(Ranges(126))),
            $"revision 1, then [revision 0, then{Answered(126)}] [revision 0, then{Answered(126)}]");
        await bed.ExpectAsync(Txn(Txn(Ranges(127)), Range("k")), TooMany);
        await bed.ExpectAsync(Txn(If(Conditions(128))), TooMany);
        await bed.ExpectAsync(If(Conditions(100)) with { Then = [Txn(Ranges(28))] }, $"revision 1, then [revision 0, then{Answered(28)}]");
        await bed.ExpectAsync(If(Conditions(100)) with { Then = [Txn(Ranges(29))] }, TooMany);
        await bed.ExpectAsync(Else(Txn(Ranges(128))), TooMany);
    }

    [Fact]
    public async Task A_transaction_holds_127_in_one_another()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Nested(128), $"revision 1, then{string.Concat(Enumerable.Repeat(" [revision 0, then", 127))}"
            + $" [revision 1, count 0]{new string(']', 127)}");
        await bed.ExpectAsync(Nested(129), TooMany);
    }

    [Fact]
    public async Task What_each_operation_lacks_is_said_first_then_duplicates_then_leases_and_revisions()
    {
        await using var bed = await Bed.StartAsync();
        var twice = new List<Step> { Put("d", "1"), Put("d", "2") };
        await bed.ExpectAsync(Txn([.. twice, Range("")]), Empty);
        await bed.ExpectAsync(Txn(twice) with { Else = [Delete("")] }, Empty);
        await bed.ExpectAsync(Txn(twice) with { Else = [new UnsetStep()] }, NotFound);
        await bed.ExpectAsync(Txn(Txn(twice), Put("")), Empty);
        await bed.ExpectAsync(Txn([.. twice, Txn(Ranges(127))]), TooMany);
        await bed.ExpectAsync(If(Is(CompareTarget.Version, "", CompareResult.Equal, 1)) with { Then = Ranges(129) }, TooMany);
        await bed.ExpectAsync(If(Is(CompareTarget.Version, "", CompareResult.Equal, 1, end: "z")) with { Then = [new UnsetStep()] }, Empty);
        await bed.ExpectAsync(Txn([.. twice, Put("l", "", lease: 9), Range("r") with { Revision = 9 }]), Duplicate);
        await bed.ExpectAsync(Txn(Put("k", "1", options: PutOptions.KeepValue)), "error 3: etcdserver: value is provided");
        await bed.ExpectAsync(Txn(Put("k", "1", lease: 9, options: PutOptions.KeepLease)), "error 3: etcdserver: lease is provided");
        await bed.ExpectAsync(Txn(new UnsetStep()), NotFound);
    }

    [Fact]
    public async Task All_puts_are_asked_before_all_ranges()
    {
        await using var bed = await Bed.StartAsync();
        var future = Range("r") with { Revision = 9 };
        await bed.ExpectAsync(Txn(future, Put("q", "1", lease: 9)), NoLease);
        await bed.ExpectAsync(Txn(Txn(future), Put("q", "1", lease: 9)), NoLease);
        await bed.ExpectAsync(Txn(future, Txn(Put("q", "1", lease: 9))), NoLease);
        await bed.ExpectAsync(Txn(Put("o", "1"), Put("q", "1", lease: 9)), NoLease);
        await bed.ExpectAsync(Range("o"), "revision 1, count 0");
    }

    [Fact]
    public async Task A_put_that_keeps_what_is_not_there_is_refused_before_its_lease_unlike_outside()
    {
        await using var bed = await Bed.StartAsync();
        var both = Put("q", "", lease: 9, options: PutOptions.KeepValue);
        await bed.ExpectAsync(both, NoLease);
        await bed.ExpectAsync(Txn(both), NotFound);
        await bed.ExpectAsync(Txn(Put("q", "", options: PutOptions.KeepValue), Put("p", "", lease: 9)), NotFound);
        await bed.ExpectAsync(Txn(Put("p", "", lease: 9), Put("q", "", options: PutOptions.KeepValue)), NoLease);
        await bed.ExpectAsync(Txn(Txn(Put("q", "", options: PutOptions.KeepLease)), Put("p", "", lease: 9)), NotFound);
    }

    [Fact]
    public async Task A_put_cannot_keep_what_the_same_transaction_deletes_or_makes()
    {
        await using var bed = await Bed.StartAsync(Put("k", "1"));
        var keep = Put("k", "", options: PutOptions.KeepValue);
        await bed.ExpectAsync(Txn(Delete("k"), keep), Duplicate);
        await bed.ExpectAsync(Txn(Put("k", "2"), Txn(keep)), Duplicate);
        await bed.ExpectAsync(Txn(Delete("k"), Txn() with { Else = [keep] }), Duplicate);
        await bed.ExpectAsync(Txn(keep, Put("n", "1")), "revision 3, then [revision 3] [revision 3]");
    }

    [Fact]
    public async Task A_key_is_put_once_and_not_deleted_in_the_same_branch()
    {
        await using var bed = await Bed.StartAsync();
        var (put, deletes) = (Put("d"), Delete("a", "z"));
        foreach (var then in new Step[][] { [put, put], [put, Delete("d")], [Delete("d"), put], [deletes, put], [put, Txn(put)],
            [put, Txn() with { Else = [put] }], [Txn(put), Txn(put)], [Txn(put), Else(put)], [deletes, Txn(put)], [put, Txn(deletes)],
            [Txn(deletes), Txn(put)] }) await bed.ExpectAsync(Txn(then), Duplicate);
        await bed.ExpectAsync(Else(put, put), Duplicate);
    }

    [Fact]
    public async Task Branches_that_exclude_each_other_may_write_the_same_key()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Txn(Put("d")) with { Else = [Put("d")] }, "revision 2, then [revision 2]");
        await bed.ExpectAsync(Txn(Txn(Put("d")) with { Else = [Put("d")] }), "revision 3, then [revision 0, then [revision 3]]");
        await bed.ExpectAsync(Txn(Txn(Delete("a", "z")) with { Else = [Put("d")] }),
            "revision 4, then [revision 0, then [revision 4, deleted 1]]");
    }

    [Fact]
    public async Task Deletes_may_overlap_and_the_later_one_finds_nothing()
    {
        await using var bed = await Bed.StartAsync(Put("b"), Put("c"));
        await bed.ExpectAsync(Txn(Delete("c", previous: true), Delete("a", "z", previous: true), Delete("b", previous: true)),
            "revision 4, then [revision 4, deleted 1: c= (3 3 1)] [revision 4, deleted 1: b= (2 2 1)] [revision 4, deleted 0]");
    }

    [Fact]
    public async Task A_delete_that_ends_before_a_put_leaves_it_alone()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Txn(Delete("a", "d"), Put("d")), "revision 2, then [revision 1, deleted 0] [revision 2]");
        await bed.ExpectAsync(Txn(Delete("z", "a"), Put("d")), "revision 3, then [revision 2, deleted 0] [revision 3]");
        await bed.ExpectAsync(Txn(Delete("d", "d"), Put("d")), "revision 4, then [revision 3, deleted 0] [revision 4]");
    }

    [Fact]
    public async Task A_delete_of_everything_above_is_no_duplicate_of_a_put_there()
    {
        // etcd takes the end of a zero byte at its word when it looks for duplicates, and not when it deletes.
        await using var bed = await Bed.StartAsync(Put("x"));
        await bed.ExpectAsync(Txn(Delete("a", "\0"), Put("x", "2")), "revision 3, then [revision 3, deleted 1] [revision 3]");
        await bed.ExpectAsync(Range("a", "\0"), "revision 3, count 1: x=2 (3 3 1)");
    }

    private static TxnStep Nested(int depth)
    {
        Step inner = Range("k");
        for (var i = 0; i < depth; i++) inner = Txn(inner);
        return (TxnStep)inner;
    }
}
