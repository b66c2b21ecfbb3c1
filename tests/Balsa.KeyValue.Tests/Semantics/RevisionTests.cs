using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>Revisions, and what a key carries of them.</summary>
public abstract class RevisionTests : SemanticsTests
{
    private protected RevisionTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void An_empty_store_is_at_revision_1_and_the_first_write_gives_2()
    {
        Assert.Equal(1, Revision);
        Assert.Equal(2, Put("a").Revision);
    }

    [Fact]
    public void A_put_adds_one_revision() => Assert.Equal([2L, 3L, 4L], new[] { Put("a"), Put("a"), Put("b") }.Select(a => a.Revision));

    [Fact]
    public void A_delete_of_many_keys_adds_one_revision()
    {
        Put("a");
        Put("b");
        Assert.Equal(4, Delete("a", "c").Revision);
    }

    [Fact]
    public void A_delete_of_nothing_adds_none()
    {
        Put("a");
        Assert.Equal(2, Delete("x").Revision);
        Assert.Equal(2, Revision);
    }

    [Fact]
    public void A_transaction_of_many_changes_adds_one_revision() =>
        Assert.Equal(2, Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("b")).Then(DeleteOf("a2"))).Revision);

    [Fact]
    public void A_transaction_that_changes_nothing_adds_none() =>
        Assert.Equal(1, Txn(new TxnBuilder().Then(DeleteOf("a")).Then(RangeOf("a"))).Revision);

    [Fact]
    public void Ending_a_lease_with_keys_adds_one_revision_and_without_keys_none()
    {
        Grant(1);
        Grant(2);
        Put("a", lease: 1);
        Put("b", lease: 1);
        Assert.Equal(4, Revoke(1).Revision);
        Assert.Equal(4, Revoke(2).Revision);
    }

    [Fact]
    public void A_query_of_an_old_revision_carries_the_current_one()
    {
        Put("a");
        Put("a");
        Assert.Equal(3, Get("a", revision: 2).Revision);
    }

    [Fact]
    public void Commands_that_change_no_keys_carry_the_current_revision()
    {
        Put("a");
        Assert.Equal(2, Grant(1).Revision);
        Assert.Equal(2, Alarm(AlarmAction.Get, AlarmType.None).Revision);
        Assert.Equal(2, Compact(2).Revision);
    }

    [Fact]
    public void An_error_carries_the_current_revision()
    {
        Put("a");
        Assert.Equal(2, Put("").Revision);
    }

    [Fact]
    public void A_key_knows_when_it_was_created_and_last_changed_and_how_often()
    {
        Put("a");
        Put("x");
        Put("a");
        var value = Assert.Single(Get("a").Values);
        Assert.Equal((2, 4, 2), (value.Created, value.Modified, value.Version));
    }

    [Fact]
    public void A_put_after_a_delete_begins_again_at_version_1_with_a_new_creation()
    {
        Put("a");
        Put("a");
        Delete("a");
        Put("a");
        var value = Assert.Single(Get("a").Values);
        Assert.Equal((5, 5, 1), (value.Created, value.Modified, value.Version));
    }
}

public sealed class RevisionTestsOfTheStore() : RevisionTests(new RealStore());

public sealed class RevisionTestsOfTheModel() : RevisionTests(new Model());
