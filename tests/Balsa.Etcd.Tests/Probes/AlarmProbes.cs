using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>What alarms answer, and what is refused while they are on.</summary>
public sealed class AlarmProbes
{
    private const string NoSpace = "error 8: etcdserver: mvcc: database space exceeded";
    private const string Corrupt = "error 15: etcdserver: corrupt cluster";
    private static readonly AlarmStep List = new(AlarmAction.Get, AlarmType.None, 0);

    private static AlarmStep On(ulong member, AlarmType type = AlarmType.NoSpace) => new(AlarmAction.Activate, type, member);

    private static AlarmStep Off(ulong member, AlarmType type = AlarmType.NoSpace) => new(AlarmAction.Deactivate, type, member);

    [Fact]
    public async Task An_alarm_is_of_a_member_and_a_change_answers_it()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(List, "alarms");
        await bed.ExpectAsync(Off(7), "alarms");
        await bed.ExpectAsync(On(7), "alarms NoSpace of 7");
        await bed.ExpectAsync(On(7), "alarms NoSpace of 7");
        await bed.ExpectAsync(On(0), "alarms NoSpace of 0");
        await bed.ExpectAsync(List, "alarms NoSpace of 0 NoSpace of 7");
        await bed.ExpectAsync(Off(3), "alarms");
        await bed.ExpectAsync(Off(7, AlarmType.Corrupt), "alarms");
        await bed.ExpectAsync(Off(7), "alarms NoSpace of 7");
        await bed.ExpectAsync(List, "alarms NoSpace of 0");
    }

    [Fact]
    public async Task A_list_can_be_of_one_type_and_is_of_every_member()
    {
        await using var bed = await Bed.StartAsync(On(7), On(3), On(7, AlarmType.Corrupt));
        await bed.ExpectAsync(List, "alarms NoSpace of 3 NoSpace of 7 Corrupt of 7");
        await bed.ExpectAsync(List with { Type = AlarmType.NoSpace, Member = 3 }, "alarms NoSpace of 3 NoSpace of 7");
        await bed.ExpectAsync(List with { Type = AlarmType.Corrupt }, "alarms Corrupt of 7");
    }

    [Fact]
    public async Task Without_space_puts_and_grants_are_refused_until_the_last_such_alarm_ends()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), new GrantStep(5, 100), On(7), On(3));
        await bed.ExpectAsync(Put("a", "2"), NoSpace);
        await bed.ExpectAsync(Put("a", "2", lease: 9), NoSpace);
        await bed.ExpectAsync(Put("n", "", options: PutOptions.KeepValue), NoSpace);
        await bed.ExpectAsync(Put("", "2"), "error 3: etcdserver: key is not provided");
        await bed.ExpectAsync(Put("a", "2", options: PutOptions.KeepValue), "error 3: etcdserver: value is provided");
        await bed.ExpectAsync(new GrantStep(6, 100), NoSpace);
        await bed.ExpectAsync(new GrantStep(5, 100), NoSpace);
        await bed.ExpectAsync(new GrantStep(6, 9_000_000_001), NoSpace);
        await bed.DoAsync(Off(7));
        await bed.ExpectAsync(Put("a", "2"), NoSpace);
        await bed.DoAsync(Off(3));
        await bed.ExpectAsync(Put("a", "2"), "revision 3");
    }

    [Fact]
    public async Task Without_space_everything_else_goes_on()
    {
        await using var bed = await Bed.StartAsync(new GrantStep(5, 100), Put("a"), Put("b", "", 5), Put("c"), On(7));
        await bed.ExpectAsync(Delete("a"), "revision 5, deleted 1");
        await bed.ExpectAsync(new RevokeStep(5), "revision 6");
        await bed.ExpectAsync(new CompactStep(5), "revision 6");
        await bed.ExpectAsync(Range("a", "z"), "revision 6, count 1: c= (4 4 1)");
        await bed.ExpectAsync(Txn(Range("c"), Delete("c")), "revision 7, then [revision 6, count 1: c= (4 4 1)] [revision 7, deleted 1]");
        await bed.ExpectAsync(Txn(), "revision 7, then");
    }

    [Fact]
    public async Task Without_space_a_transaction_with_a_put_in_either_branch_is_refused()
    {
        await using var bed = await Bed.StartAsync(Put("a", "1"), On(7));
        await bed.ExpectAsync(Txn(Put("a")), NoSpace);
        await bed.ExpectAsync(Txn(Delete("a")) with { Else = [Put("a")] }, NoSpace);
        await bed.ExpectAsync(If(Is("a", CompareResult.Equal, "9")) with { Then = [Put("a")], Else = [Range("a")] }, NoSpace);
        await bed.ExpectAsync(Txn(Put("a", "", 9), Range("a") with { Revision = 99 }), NoSpace);
        await bed.ExpectAsync(Txn(Put("a"), Put("a")), "error 3: etcdserver: duplicate key given in txn request");
    }

    [Fact]
    public async Task Without_space_etcd_lets_a_put_pass_that_is_one_transaction_deeper_and_ours_does_not()
    {
        await using var bed = await Bed.StartAsync(On(7));
        await bed.ExpectAsync(Txn(Txn(Put("a"))), "revision 2, then [revision 0, then [revision 2]]", NoSpace);
    }

    [Fact]
    public async Task When_data_is_corrupt_writes_are_refused_and_reads_are_not()
    {
        await using var bed = await Bed.StartAsync(new GrantStep(5, 100), Put("a", "1"), On(7, AlarmType.Corrupt));
        foreach (var step in new Step[] { Put("a"), Delete("a"), Delete("no"), Txn(Put("a")), Txn(Delete("a")),
            new CompactStep(2), new CompactStep(9), new GrantStep(6, 100), new GrantStep(5, 100), new RevokeStep(5), new RevokeStep(9) })
            await bed.ExpectAsync(step, Corrupt);
        await bed.ExpectAsync(Put(""), "error 3: etcdserver: key is not provided");
        await bed.ExpectAsync(Range("a"), "revision 2, count 1: a=1 (2 2 1)");
        await bed.ExpectAsync(Txn(Range("a")), "revision 2, then [revision 2, count 1: a=1 (2 2 1)]");
        await bed.ExpectAsync(Txn(), "revision 2, then");
        // etcd looks only at what lies directly in a transaction, and does not see that this one reads.
        await bed.ExpectAsync(Txn(Txn(Range("a"))), Corrupt, "revision 2, then [revision 0, then [revision 2, count 1: a=1 (2 2 1)]]");
        await bed.DoAsync(Watch("a", "", 2));
        await bed.ExpectAsync(Unwatch(2), "put a=1 (2 2 1);");
        await bed.DoAsync(Off(7, AlarmType.Corrupt));
        await bed.ExpectAsync(Put("a"), "revision 3");
    }

    [Fact]
    public async Task Of_two_types_the_last_change_decides_in_etcd_and_each_counts_in_ours()
    {
        await using var bed = await Bed.StartAsync(On(7, AlarmType.Corrupt), On(7));
        await bed.ExpectAsync(Put("a"), NoSpace, Corrupt);
        await bed.DoAsync(Off(7));
        await bed.ExpectAsync(List, "alarms Corrupt of 7");
        await bed.ExpectAsync(Put("a"), "revision 2", Corrupt);
    }

}
