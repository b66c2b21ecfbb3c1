using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Which revision the answers inside a transaction carry, and which state its ranges read.</summary>
public sealed class TxnAnswerProbes
{
    private const string Compacted = "error 11: etcdserver: mvcc: required revision has been compacted";
    private const string Future = "error 11: etcdserver: mvcc: required revision is a future revision";

    [Fact]
    public async Task Before_its_first_write_the_old_revision_is_answered_and_after_it_the_new_one()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        await bed.ExpectAsync(Txn(Range("a"), Delete("no"), Put("x", "1"), Range("a", "z"), Delete("no"), Delete("a", previous: true)),
            "revision 3, then [revision 2, count 1: a=1 (2 2 1)] [revision 2, deleted 0] [revision 3] "
            + "[revision 3, count 2: a=1 (2 2 1), x=1 (3 3 1)] [revision 3, deleted 0] [revision 3, deleted 1: a=1 (2 2 1)]");
    }

    [Fact]
    public async Task What_changes_nothing_makes_no_revision()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        await bed.ExpectAsync(Txn(), "revision 2, then");
        await bed.ExpectAsync(Txn(Range("a"), Delete("no")), "revision 2, then [revision 2, count 1: a=1 (2 2 1)] [revision 2, deleted 0]");
        await bed.ExpectAsync(If(Is(CompareTarget.Version, "a", CompareResult.Equal, 5)), "revision 2, else");
        await bed.ExpectAsync(new DeleteStep(Bytes("no"), [], ReturnPrevious: true), "revision 2, deleted 0");
    }

    [Fact]
    public async Task A_transaction_inside_answers_no_revision_of_its_own()
    {
        await using var bed = await Bed.StartAsync(Put("x", "1"));
        var whenThere = If(Is(CompareTarget.Version, "q", CompareResult.Equal, 1)) with { Then = [Put("r")] };
        await bed.ExpectAsync(Txn(Range("x"), Txn(Range("x"), Put("q"), Range("q")), Range("q"), whenThere),
            "revision 3, then [revision 2, count 1: x=1 (2 2 1)] [revision 0, then [revision 2, count 1: x=1 (2 2 1)] [revision 3] "
            + "[revision 3, count 1: q= (3 3 1)]] [revision 3, count 1: q= (3 3 1)] [revision 0, else]");
    }

    [Fact]
    public async Task A_range_after_a_write_can_read_the_state_before_the_transaction()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        await bed.ExpectAsync(Txn(Put("a", "2"), Range("a") with { Revision = 2 }, Range("a")),
            "revision 3, then [revision 3] [revision 3, count 1: a=1 (2 2 1)] [revision 3, count 1: a=2 (2 3 2)]");
    }

    [Fact]
    public async Task A_range_of_the_revision_that_the_transaction_makes_refuses_all_of_it()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        await bed.ExpectAsync(Txn(Put("a", "2"), Range("a") with { Revision = 3 }), Future);
        await bed.ExpectAsync(Txn(Put("a", "2"), Txn(Range("a") with { Revision = 3 })), Future);
        await bed.ExpectAsync(Txn(Range("a") with { Revision = 3 }), Future);
        await bed.ExpectAsync(Range("a"), "revision 2, count 1: a=1 (2 2 1)");
    }

    [Fact]
    public async Task A_range_of_a_compacted_revision_refuses_all_of_it()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Put("a", "2"), Put("a", "3"), new CompactStep(3));
        await bed.ExpectAsync(Txn(Put("a", "4"), Range("a") with { Revision = 2 }), Compacted);
        await bed.ExpectAsync(Txn(Range("a") with { Revision = 2 }), Compacted);
        await bed.ExpectAsync(Txn(Put("b", "1"), Range("a") with { Revision = 3 }),
            "revision 5, then [revision 5] [revision 5, count 1: a=2 (2 3 2)]");
    }

    [Fact]
    public async Task A_negative_revision_is_the_newest_for_a_range_and_a_compacted_one_in_a_transaction()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), new CompactStep(2));
        var range = Range("a") with { Revision = -1 };
        await bed.ExpectAsync(range, "revision 2, count 1: a=1 (2 2 1)");
        await bed.ExpectAsync(Txn(range), Compacted);
    }

    [Fact]
    public async Task The_branch_that_is_not_taken_is_not_asked_for_its_revisions_and_leases()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        var wrong = new List<Step> { Range("a") with { Revision = 99 }, Put("b", "1", lease: 9) };
        await bed.ExpectAsync(Txn(Put("c")) with { Else = wrong }, "revision 3, then [revision 3]");
        await bed.ExpectAsync(Txn(Txn(Put("d")) with { Else = wrong }), "revision 4, then [revision 0, then [revision 4]]");
    }

    [Fact]
    public async Task Conditions_inside_look_at_the_state_before_the_whole_transaction()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"));
        var whenOld = If(Is("a", CompareResult.Equal, "1")) with { Then = [Put("b", "old")], Else = [Put("b", "new")] };
        await bed.ExpectAsync(Txn(Put("a", "2"), whenOld, Range("b")),
            "revision 3, then [revision 3] [revision 0, then [revision 3]] [revision 3, count 1: b=old (3 3 1)]");
    }
}
