using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>How limits, sorts, filters and options of a range act together.</summary>
public sealed class RangeProbes
{
    private static readonly RangeStep All = Range("a", "z");

    /// <summary>In the order of keys: a=9 (2 6 2), b=1 (3 3 1), c=0 (4 8 3), d=2 (5 5 1).</summary>
    private static Task<Bed> StartAsync() =>
        Bed.StartAsync(Put("a", "3"), Put("b", "1"), Put("c", "2"), Put("d", "2"), Put("a", "9"), Put("c", "2"), Put("c", "0"));

    [Fact]
    public async Task Without_an_order_the_limit_cuts_before_the_sort()
    {
        await using var bed = await StartAsync();
        var byValue = All with { Target = SortTarget.Value, Limit = 2 };
        await bed.ExpectAsync(byValue with { Limit = 1 }, "revision 8, count 4: 1 of value 1 and more");
        await bed.ExpectAsync(byValue, "revision 8, count 4: c=0 (4 8 3), 1 of value 1 and more");
        await bed.ExpectAsync(byValue with { Target = SortTarget.Modified }, "revision 8, count 4: b=1 (3 3 1), 1 of modified 6 and more");
        await bed.ExpectAsync(byValue with { Target = SortTarget.Modified, Order = SortOrder.Ascending },
            "revision 8, count 4: b=1 (3 3 1), 1 of modified 5 and more");
    }

    [Fact]
    public async Task With_an_order_the_limit_cuts_after_the_sort()
    {
        await using var bed = await StartAsync();
        var ordered = All with { Limit = 1, Order = SortOrder.Descending };
        await bed.ExpectAsync(ordered, "revision 8, count 4: d=2 (5 5 1) and more");
        await bed.ExpectAsync(ordered with { Target = SortTarget.Value }, "revision 8, count 4: 1 of value 9 and more");
        await bed.ExpectAsync(ordered with { Target = SortTarget.Version, Limit = 4 },
            "revision 8, count 4: c=0 (4 8 3), a=9 (2 6 2), b=1 (3 3 1), d=2 (5 5 1)");
        await bed.ExpectAsync(ordered with { Target = SortTarget.Created, Limit = -1 },
            "revision 8, count 4: d=2 (5 5 1), c=0 (4 8 3), b=1 (3 3 1), a=9 (2 6 2)");
    }

    [Fact]
    public async Task An_unknown_order_sorts_nothing()
    {
        await using var bed = await StartAsync();
        await bed.ExpectAsync(All with { Order = (SortOrder)5, Target = SortTarget.Value, Limit = 2 },
            "revision 8, count 4: a=9 (2 6 2), b=1 (3 3 1) and more");
    }

    [Fact]
    public async Task Only_counting_says_nothing_of_more()
    {
        await using var bed = await StartAsync();
        var count = All with { Options = RangeOptions.CountOnly };
        await bed.ExpectAsync(count, "revision 8, count 4");
        await bed.ExpectAsync(count with { Limit = 1 }, "revision 8, count 4");
        await bed.ExpectAsync(count with { ModifiedMin = 6, Limit = 1 }, "revision 8, count 4");
        await bed.ExpectAsync(count with { Limit = 1, Order = SortOrder.Descending }, "revision 8, count 4");
        await bed.ExpectAsync(count with { Revision = 3 }, "revision 8, count 2");
        await bed.ExpectAsync(count with { Options = RangeOptions.CountOnly | RangeOptions.KeysOnly }, "revision 8, count 4");
    }

    [Fact]
    public async Task Keys_alone_can_be_sorted_by_the_values_they_had()
    {
        await using var bed = await StartAsync();
        // Texts leave out what decided their order when values are missing, so here the raw order is looked at.
        var step = All with { Options = RangeOptions.KeysOnly, Target = SortTarget.Value, Order = SortOrder.Descending };
        await bed.ExpectOrderAsync(step, "a= d= b= c=");
    }

    [Fact]
    public async Task Filters_come_before_the_limit_and_more_counts_what_they_left()
    {
        await using var bed = await StartAsync();
        await bed.ExpectAsync(All with { ModifiedMin = 6 }, "revision 8, count 4: a=9 (2 6 2), c=0 (4 8 3)");
        await bed.ExpectAsync(All with { ModifiedMin = 6, Limit = 1 }, "revision 8, count 4: a=9 (2 6 2) and more");
        await bed.ExpectAsync(All with { ModifiedMin = 6, Limit = 2 }, "revision 8, count 4: a=9 (2 6 2), c=0 (4 8 3)");
        await bed.ExpectAsync(All with { ModifiedMax = 5, Limit = 1 }, "revision 8, count 4: b=1 (3 3 1) and more");
        await bed.ExpectAsync(All with { CreatedMin = 3, CreatedMax = 4 }, "revision 8, count 4: b=1 (3 3 1), c=0 (4 8 3)");
        await bed.ExpectAsync(All with { ModifiedMin = 6, Limit = 1, Target = SortTarget.Value },
            "revision 8, count 4: 1 of value 0 and more");
        await bed.ExpectAsync(All with { ModifiedMin = 100, Limit = 1 }, "revision 8, count 4");
    }

    [Fact]
    public async Task A_negative_bound_is_a_bound()
    {
        await using var bed = await StartAsync();
        await bed.ExpectAsync(All with { ModifiedMax = -1 }, "revision 8, count 4");
        await bed.ExpectAsync(All with { CreatedMax = -1 }, "revision 8, count 4");
        await bed.ExpectAsync(All with { ModifiedMin = -1, Limit = 1, Target = SortTarget.Modified },
            "revision 8, count 4: 1 of modified 3 and more");
    }

    [Fact]
    public async Task Ends_below_the_key_leave_nothing_between()
    {
        await using var bed = await StartAsync();
        await bed.ExpectAsync(Range("b", "a"), "revision 8, count 0");
        await bed.ExpectAsync(Range("b", "b"), "revision 8, count 0");
        await bed.ExpectAsync(Range("a", "\0\0"), "revision 8, count 0");
        await bed.ExpectAsync(Range("b", "b\0"), "revision 8, count 1: b=1 (3 3 1)");
        await bed.ExpectAsync(Range("c", "\0"), "revision 8, count 2: c=0 (4 8 3), d=2 (5 5 1)");
        await bed.ExpectAsync(Range("\0", "b"), "revision 8, count 1: a=9 (2 6 2)");
        await bed.ExpectAsync(Range("", "z"), "error 3: etcdserver: key is not provided");
    }
}
