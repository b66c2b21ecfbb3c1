using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>Which keys a range gives, at which revision, in which order, and how many.</summary>
public abstract class RangeTests : SemanticsTests
{
    private protected RangeTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void An_empty_key_is_refused_whatever_the_revision()
    {
        AssertRefused(StoreError.KeyNotProvided, Get(""));
        AssertRefused(StoreError.KeyNotProvided, Get("", revision: 99));
    }

    [Fact]
    public void Without_an_end_it_is_one_key()
    {
        PutAll("a", "ab");
        Assert.Equal("a", Keys(Get("a")));
        Assert.Empty(Get("b").Values);
    }

    [Fact]
    public void The_end_is_not_included()
    {
        PutAll("a", "b", "c");
        Assert.Equal("a b", Keys(Get("a", "c")));
    }

    [Fact]
    public void A_zero_byte_as_end_means_everything_from_the_key_on()
    {
        PutAll("a", "b", "\xff\xff");
        Assert.Equal("b \xff\xff", Keys(Get("b", "\0")));
        Assert.Equal(3, Get("\0", "\0").Count);
    }

    [Fact]
    public void An_end_at_or_before_the_key_gives_nothing_and_is_no_error()
    {
        PutAll("a", "b");
        Assert.Equal((StoreError.None, 0), (Get("b", "a").Error, Get("b", "a").Count));
        Assert.Equal((StoreError.None, 0), (Get("b", "b").Error, Get("b", "b").Count));
    }

    [Fact]
    public void Keys_are_compared_as_bytes()
    {
        PutAll("b", "a\xff", "a", "a\0", "\x80", "Z");
        Assert.Equal("Z a a\0 a\xff b \x80", Keys(Get("\0", "\0")));
    }

    [Fact]
    public void A_revision_not_above_0_means_the_newest()
    {
        PutAll("a");
        Assert.Single(Get("a", revision: 0).Values);
        Assert.Single(Get("a", revision: -5).Values);
    }

    [Fact]
    public void An_old_revision_shows_the_state_of_then()
    {
        Put("a", "old");
        Put("a", "new");
        Delete("a");
        Assert.Equal("old", Text(Get("a", revision: 2).Values[0].Value));
        Assert.Equal("new", Text(Get("a", revision: 3).Values[0].Value));
        Assert.Empty(Get("a", revision: 4).Values);
        Assert.Empty(Get("a", revision: 1).Values);
    }

    [Fact]
    public void A_future_revision_is_refused()
    {
        PutAll("a");
        AssertRefused(StoreError.FutureRevision, Get("a", revision: 3));
        AssertRefused(StoreError.FutureRevision, Range(RangeOf("a", revision: 3) with { Options = RangeOptions.CountOnly }));
    }

    [Fact]
    public void Below_the_compacted_revision_is_refused_and_the_compacted_one_is_readable()
    {
        Put("a", "one");
        Put("a", "two");
        Put("a", "three");
        Compact(3);
        AssertRefused(StoreError.Compacted, Get("a", revision: 2));
        Assert.Equal("two", Text(Get("a", revision: 3).Values[0].Value));
    }

    [Fact]
    public void The_count_ignores_limit_and_filters()
    {
        PutAll("a", "b", "c");
        Assert.Equal(3, Range(All with { Limit = 1 }).Count);
        Assert.Equal(3, Range(All with { ModifiedMin = 4 }).Count);
    }

    [Fact]
    public void More_says_that_the_limit_cut_something()
    {
        PutAll("a", "b", "c");
        Assert.True(Range(All with { Limit = 2 }).More);
        Assert.Equal("a b", Keys(Range(All with { Limit = 2 })));
        Assert.False(Range(All with { Limit = 3 }).More);
    }

    [Fact]
    public void A_limit_not_above_0_is_none()
    {
        PutAll("a", "b");
        Assert.Equal("a b", Keys(Range(All with { Limit = -1 })));
        Assert.Equal("a b", Keys(Range(All with { Limit = 0 })));
    }

    [Fact]
    public void Count_only_gives_nothing_but_the_count()
    {
        PutAll("a", "b");
        var answer = Range(All with { Options = RangeOptions.CountOnly, Limit = 1 });
        Assert.Equal((2, 0, false), (answer.Count, answer.Values.Count, answer.More));
    }

    [Fact]
    public void Keys_only_blanks_values_and_still_sorts_by_them()
    {
        Put("a", "2");
        Put("b", "1");
        var answer = Range(All with { Options = RangeOptions.KeysOnly, Target = SortTarget.Value, Order = SortOrder.Ascending });
        Assert.Equal("b a", Keys(answer));
        Assert.All(answer.Values, value => Assert.Empty(value.Value));
    }

    [Fact]
    public void Filters_apply_before_the_limit_and_more_counts_what_passed_them()
    {
        PutAll("a", "b", "c", "d");
        var answer = Range(All with { ModifiedMin = 4, Limit = 1 });
        Assert.Equal(("c", true, 4), (Keys(answer), answer.More, answer.Count));
        Assert.False(Range(All with { ModifiedMin = 4, Limit = 2 }).More);
    }

    [Fact]
    public void Each_filter_bounds_its_own_revision()
    {
        PutAll("a", "b", "c");
        Put("a");
        Assert.Equal("a c", Keys(Range(All with { ModifiedMin = 4 })));
        Assert.Equal("b c", Keys(Range(All with { ModifiedMax = 4 })));
        Assert.Equal("b c", Keys(Range(All with { CreatedMin = 3 })));
        Assert.Equal("a", Keys(Range(All with { CreatedMax = 2 })));
    }

    [Fact]
    public void A_negative_filter_is_a_filter()
    {
        PutAll("a", "b");
        Assert.Empty(Range(All with { ModifiedMax = -1 }).Values);
        Assert.Equal("a b", Keys(Range(All with { CreatedMin = -1 })));
    }

    [Theory]
    [InlineData(SortTarget.Key, "a b c")]
    [InlineData(SortTarget.Version, "b c a")]
    [InlineData(SortTarget.Created, "c a b")]
    [InlineData(SortTarget.Modified, "c b a")]
    [InlineData(SortTarget.Value, "c a b")]
    public void It_sorts_by_every_target_in_both_orders(SortTarget target, string ascending)
    {
        PutForSorting();
        Assert.Equal(ascending, Keys(Range(All with { Target = target, Order = SortOrder.Ascending })));
        var descending = Range(All with { Target = target, Order = SortOrder.Descending });
        if (target != SortTarget.Version) Assert.Equal(string.Join(' ', ascending.Split(' ').Reverse()), Keys(descending));
        else Assert.Equal("a b c", Keys(descending));
    }

    [Fact]
    public void What_sorts_alike_stays_in_the_order_of_keys()
    {
        PutAll("c", "a", "b");
        Assert.Equal("a b c", Keys(Range(All with { Target = SortTarget.Version, Order = SortOrder.Descending })));
    }

    [Fact]
    public void With_an_order_everything_is_sorted_before_the_limit()
    {
        PutForSorting();
        Assert.Equal("c", Keys(Range(All with { Target = SortTarget.Created, Order = SortOrder.Ascending, Limit = 1 })));
    }

    [Fact]
    public void A_target_without_an_order_sorts_only_the_first_keys()
    {
        PutForSorting();
        // a and b are fetched for a limit of 1, and of these a was created first.
        var answer = Range(All with { Target = SortTarget.Created, Limit = 1 });
        Assert.Equal(("a", true), (Keys(answer), answer.More));
        Assert.Equal("c a b", Keys(Range(All with { Target = SortTarget.Created })));
    }

    [Fact]
    public void An_unknown_order_sorts_nothing()
    {
        PutForSorting();
        Assert.Equal("a b", Keys(Range(All with { Target = SortTarget.Created, Order = (SortOrder)5, Limit = 2 })));
        Assert.Equal("a b c", Keys(Range(All with { Target = (SortTarget)7, Order = (SortOrder)5 })));
    }

    [Fact]
    public void An_unknown_target_is_refused() => AssertRefused(StoreError.InvalidSort, Range(All with { Target = (SortTarget)7 }));

    [Fact]
    public void Serializable_changes_nothing_in_the_answer()
    {
        PutAll("a");
        Assert.Equal("a", Keys(Range(All with { Options = RangeOptions.Serializable })));
    }

    private static RangeQuery All => RangeOf("\0", "\0");

    /// <summary>Versions 2, 1, 1; created c, a, b; changed c, b, a.</summary>
    private void PutForSorting()
    {
        Put("c", "1");
        Put("a", "2");
        Put("b", "3");
        Put("a", "2");
    }

    private void PutAll(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys) Put(key);
    }
}

public sealed class RangeTestsOfTheStore() : RangeTests(new RealStore());

public sealed class RangeTestsOfTheModel() : RangeTests(new Model());
