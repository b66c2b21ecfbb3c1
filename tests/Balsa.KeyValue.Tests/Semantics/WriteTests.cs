using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>Puts and deletes.</summary>
public abstract class WriteTests : SemanticsTests
{
    private protected WriteTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void An_empty_key_comes_before_every_other_error() =>
        AssertRefused(StoreError.KeyNotProvided, Put("", "v", 9, PutOptions.KeepValue | PutOptions.KeepLease));

    [Fact]
    public void A_value_to_be_kept_and_given_comes_before_a_lease_to_be_kept_and_given() =>
        AssertRefused(StoreError.ValueProvided, Put("a", "v", 9, PutOptions.KeepValue | PutOptions.KeepLease));

    [Fact]
    public void A_lease_to_be_kept_and_given_comes_before_an_unknown_lease() =>
        AssertRefused(StoreError.LeaseProvided, Put("a", "", 9, PutOptions.KeepValue | PutOptions.KeepLease));

    [Fact]
    public void An_unknown_lease_comes_before_a_missing_key()
    {
        AssertRefused(StoreError.LeaseNotFound, Put("a", "", 9, PutOptions.KeepValue));
        AssertRefused(StoreError.LeaseNotFound, Put("a", "v", 9, PutOptions.MustExist));
    }

    [Theory]
    [InlineData(PutOptions.KeepValue)]
    [InlineData(PutOptions.KeepLease)]
    [InlineData(PutOptions.MustExist)]
    public void What_is_to_be_kept_must_be_there(PutOptions options)
    {
        AssertRefused(StoreError.KeyNotFound, Put("a", "", 0, options));
        Put("a");
        Delete("a");
        AssertRefused(StoreError.KeyNotFound, Put("a", "", 0, options));
        Assert.Equal(3, Revision);
    }

    [Fact]
    public void A_put_without_a_lease_detaches_the_key()
    {
        Grant(1);
        Put("a", lease: 1);
        Put("a");
        Assert.Equal(0, Get("a").Values[0].Lease);
        Revoke(1);
        Assert.Single(Get("a").Values);
    }

    [Fact]
    public void A_put_with_another_lease_moves_the_key()
    {
        Grant(1);
        Grant(-2);
        Put("a", lease: 1);
        Put("a", lease: -2);
        Revoke(1);
        Assert.Equal(-2, Assert.Single(Get("a").Values).Lease);
        Revoke(-2);
        Assert.Empty(Get("a").Values);
    }

    [Fact]
    public void Keeping_the_lease_changes_only_the_value()
    {
        Grant(1);
        Put("a", "one", lease: 1);
        Put("a", "two", options: PutOptions.KeepLease);
        var value = Get("a").Values[0];
        Assert.Equal(("two", 1, 2), (Text(value.Value), value.Lease, value.Version));
    }

    [Fact]
    public void Keeping_the_value_changes_only_the_lease()
    {
        Grant(1);
        Put("a", "one");
        Put("a", "", 1, PutOptions.KeepValue);
        var value = Get("a").Values[0];
        Assert.Equal(("one", 1, 2), (Text(value.Value), value.Lease, value.Version));
        Put("a", "", 0, PutOptions.KeepValue);
        Assert.Equal(0, Get("a").Values[0].Lease);
    }

    [Fact]
    public void Keeping_both_still_makes_a_version()
    {
        Put("a", "one");
        Assert.Equal(3, Put("a", "", 0, PutOptions.KeepValue | PutOptions.KeepLease).Revision);
        Assert.Equal(2, Get("a").Values[0].Version);
    }

    [Fact]
    public void Replace_stores_over_what_is_there()
    {
        Put("a", "one");
        AssertDone(Put("a", "two", options: PutOptions.MustExist));
        Assert.Equal("two", Text(Get("a").Values[0].Value));
    }

    [Fact]
    public void The_previous_value_is_given_when_asked_for_and_there_was_one()
    {
        Assert.Empty(Put("a", "one", options: PutOptions.ReturnPrevious).Values);
        var previous = Assert.Single(Put("a", "two", options: PutOptions.ReturnPrevious).Values);
        Assert.Equal(("one", 2L), (Text(previous.Value), previous.Modified));
        Assert.Empty(Put("a", "three").Values);
        Delete("a");
        Assert.Empty(Put("a", "four", options: PutOptions.ReturnPrevious).Values);
    }

    [Fact]
    public void An_empty_value_is_a_value()
    {
        AssertDone(Put("a", ""));
        Assert.Empty(Assert.Single(Get("a").Values).Value);
        Assert.Single(Put("a", "", options: PutOptions.ReturnPrevious).Values);
    }

    [Fact]
    public void A_delete_says_how_many_keys_it_removed()
    {
        Put("a");
        Put("b");
        Put("c");
        Assert.Equal(2, Delete("a", "c").Count);
        Assert.Equal(0, Delete("a", "c").Count);
        Assert.Equal("c", Keys(Get("\0", "\0")));
    }

    [Fact]
    public void A_delete_gives_what_was_there_in_the_order_of_keys_when_asked_for()
    {
        Put("b", "2");
        Put("a", "1");
        Assert.Equal("a b", Keys(Delete("a", "\0", previous: true)));
        Put("a");
        Assert.Empty(Delete("a").Values);
        Assert.Empty(Delete("a", previous: true).Values);
    }

    [Fact]
    public void A_delete_takes_ends_as_a_range_does()
    {
        Put("a");
        Put("b");
        Assert.Equal(0, Delete("b", "a").Count);
        AssertRefused(StoreError.KeyNotProvided, Delete(""));
        Assert.Equal(2, Delete("\0", "\0").Count);
    }

    [Fact]
    public void A_delete_detaches_the_key_from_its_lease()
    {
        Grant(1);
        Put("a", lease: 1);
        Delete("a");
        Put("a");
        Revoke(1);
        Assert.Single(Get("a").Values);
    }

    [Fact]
    public void What_cannot_be_read_changes_nothing()
    {
        foreach (var kind in Enum.GetValues<CommandKind>())
            AssertRefused(StoreError.Malformed, Apply(kind, [0xff, 0xff, 0xff]));
        AssertRefused(StoreError.Malformed, Apply(CommandKind.Put, Body(PutOf("a", options: (PutOptions)0x40))));
        Assert.Equal(1, Revision);
    }

    [Fact]
    public void Puts_and_deletes_of_the_first_version_still_count()
    {
        AssertDone(Apply(CommandKind.Put, [1, 0, 0, 0, (byte)'a', (byte)'v'], version: 1));
        Assert.Equal("v", Text(Get("a").Values[0].Value));
        Assert.Equal(1, Apply(CommandKind.Delete, [1, 0, 0, 0, (byte)'a'], version: 1).Count);
        AssertRefused(StoreError.Malformed, Apply(CommandKind.Put, [9, 0, 0, 0, (byte)'a'], version: 1));
        AssertRefused(StoreError.Malformed, Apply(CommandKind.Delete, [1, 0, 0, 0, (byte)'a', (byte)'v'], version: 1));
    }

    [Fact]
    public void A_kind_or_version_of_a_newer_build_is_not_skipped()
    {
        Assert.Throws<UnknownCommandException>(() => Apply((CommandKind)200, []));
        Assert.Throws<UnknownCommandException>(() => Apply(default, []));
        Assert.Throws<UnknownCommandException>(() => Apply(CommandKind.Put, Body(PutOf("a")), version: 3));
        Assert.Throws<UnknownCommandException>(() => Apply(CommandKind.Txn, [], version: 1));
    }
}

public sealed class WriteTestsOfTheStore() : WriteTests(new RealStore());

public sealed class WriteTestsOfTheModel() : WriteTests(new Model());
