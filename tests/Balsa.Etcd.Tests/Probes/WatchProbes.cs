using Balsa.Etcd.Tests.Steps;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>What a watch still tells of a history that was compacted, and in which order.</summary>
public sealed class WatchProbes
{
    [Fact]
    public async Task A_put_at_the_compacted_revision_is_told_without_what_was_before()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Put("a", "2"), Put("a", "3"), new CompactStep(3), Watch("a", "", 3));
        await bed.ExpectAsync(Unwatch(4), "put a=2 (2 3 2); put a=3 (2 4 3) was a=2 (2 3 2);");
    }

    [Fact]
    public async Task A_put_at_the_compacted_and_newest_revision_is_told()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Put("a", "2"), new CompactStep(3), Watch("a", "", 3));
        await bed.ExpectAsync(Unwatch(3), "put a=2 (2 3 2);");
    }

    [Fact]
    public async Task A_delete_at_the_compacted_revision_is_not_told()
    {
        await using var bed = await Bed.StartAsync(
            Put("a", "1"), Delete("a"), Put("b", "1"), new CompactStep(3), Watch("a", "z", 3));
        await bed.ExpectAsync(Unwatch(4), "put b=1 (4 4 1);");
    }

    [Fact]
    public async Task A_delete_at_the_compacted_and_newest_revision_is_not_told()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Delete("a"), new CompactStep(3), Watch("a", "z", 3), Put("b", "1"));
        await bed.ExpectAsync(Unwatch(4), "put b=1 (4 4 1);");
    }

    [Fact]
    public async Task Of_a_transaction_at_the_compacted_revision_the_puts_are_told()
    {
        await using var bed = await Bed.StartAsync(
            Put("a", "1"), Txn(Delete("a"), Put("b", "1")), new CompactStep(3), Watch("a", "z", 3));
        await bed.ExpectAsync(Unwatch(3), "put b=1 (3 3 1);");
    }

    [Fact]
    public async Task After_the_compacted_revision_the_version_before_is_told_however_old_it_is()
    {
        await using var bed = await Bed.StartAsync(
            Put("a", "1"), Put("b", "1"), Put("c", "1"), Put("a", "2"), Delete("b"), new CompactStep(4), Watch("a", "z", 5));
        await bed.ExpectAsync(Unwatch(6), "put a=2 (2 5 2) was a=1 (2 2 1); delete b at 6 was b=1 (3 3 1);");
    }

    [Fact]
    public async Task What_was_before_is_the_state_before_the_revision_also_when_it_wrote_the_key_twice()
    {
        await using var bed = await Bed.StartAsync(
            Put("a", "1"), Txn(Put("a", "2"), Put("b", "2"), Delete("a", "\0")), Txn(Delete("a", "\0"), Put("a", "3")),
            Txn(Delete("a", "\0"), Put("a", "4")), Watch("a", "z", 3));
        await bed.ExpectAsync(Unwatch(5), "put a=2 (2 3 2) was a=1 (2 2 1); put b=2 (3 3 1); delete a at 3 was a=1 (2 2 1); delete b at 3; "
            + "put a=3 (4 4 1); delete a at 5 was a=3 (4 4 1); put a=4 (5 5 1);");
    }

    [Fact]
    public async Task A_watch_from_before_the_compacted_revision_is_canceled()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Put("a", "2"), Put("a", "3"), new CompactStep(3), Watch("a", "z", 2));
        await bed.ExpectAsync(Unwatch(4), "canceled: compacted at 3");
        await bed.DoAsync(Watch("a", "z", 1));
        await bed.ExpectAsync(Unwatch(4), "canceled: compacted at 3");
    }

    [Fact]
    public async Task A_compaction_does_not_disturb_a_watch_that_is_up_to_date()
    {
        await using var bed = await Bed.StartAsync(
            Watch("a", "z", 0), Put("a", "1"), Put("a", "2"), Delete("a"), new CompactStep(4), Put("a", "3"));
        await bed.ExpectAsync(Unwatch(5),
            "put a=1 (2 2 1); put a=2 (2 3 2) was a=1 (2 2 1); delete a at 4 was a=2 (2 3 2); put a=3 (5 5 1);");
    }

    [Fact]
    public async Task The_deletes_of_a_range_are_told_in_the_order_of_keys_and_those_of_a_transaction_in_its_order()
    {
        await using var bed = await Bed.StartAsync(Put("c"), Put("b"), Put("a"), Watch("a", "z", 5) with { ReturnPrevious = false },
            Delete("a", "z"), Txn(Put("z1"), Put("y", "2"), Delete("none"), Put("x")));
        await bed.ExpectAsync(Unwatch(6), "delete a at 5; delete b at 5; delete c at 5; put y=2 (6 6 1); put x= (6 6 1);");
    }

    [Fact]
    public async Task A_watch_from_a_later_revision_waits_for_it()
    {
        await using var bed = await Bed.StartAsync(Watch("a", "z", 4), Put("a", "1"), Put("a", "2"), Put("a", "3"));
        await bed.ExpectAsync(Unwatch(4), "put a=3 (2 4 3) was a=2 (2 3 2);");
    }

    [Fact]
    public async Task A_range_without_keys_cannot_be_watched_and_no_key_is_the_lowest()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Watch("b", "a", 0), "canceled: mvcc: watcher range is empty");
        await bed.ExpectAsync(Watch("b", "b", 0), "canceled: mvcc: watcher range is empty");
        await bed.DoAsync(Watch("", "b", 0), Put("b"), Put("a"), Put("\0"));
        await bed.ExpectAsync(Unwatch(4), "put a= (3 3 1); put \\x00= (4 4 1);");
    }

    [Fact]
    public async Task Filters_leave_out_puts_or_deletes()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), Delete("a"), Put("a", "2"), Watch("a", "", 2) with { NoDelete = true });
        await bed.ExpectAsync(Unwatch(4), "put a=1 (2 2 1); put a=2 (4 4 1);");
        await bed.DoAsync(Watch("a", "", 2) with { NoPut = true });
        await bed.ExpectAsync(Unwatch(3), "delete a at 3 was a=1 (2 2 1);");
    }
}
