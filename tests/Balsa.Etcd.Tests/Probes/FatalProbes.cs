using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Requests that end the process of etcd 3.4. The generator leaves them out, and our store has an answer of its own.</summary>
public sealed class FatalProbes
{
    [Fact]
    public async Task An_unknown_sort_target_is_refused()
    {
        await using var bed = await Bed.StartAsync(Put("a"));
        await bed.ExpectEndAsync(Range("a") with { Target = (SortTarget)7 }, "error 3: etcdserver: invalid sort option");
    }

    [Fact]
    public async Task An_unknown_sort_target_in_a_transaction_is_refused()
    {
        await using var bed = await Bed.StartAsync(Put("a"));
        await bed.ExpectEndAsync(Txn(Range("a") with { Target = (SortTarget)7 }), "error 3: etcdserver: invalid sort option");
    }

    [Fact]
    public async Task An_alarm_of_no_type_and_no_member_is_refused()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectEndAsync(new AlarmStep(AlarmAction.Activate, AlarmType.None, 0), "error 3: balsa: the command cannot be read");
    }

    [Fact]
    public async Task A_put_that_finds_gone_what_it_keeps_begins_empty()
    {
        await using var bed = await Bed.StartAsync(Put("x", "1"));
        await bed.ExpectEndAsync(Txn(Delete("a", "\0"), Put("x", "", options: PutOptions.KeepValue)),
            "revision 3, then [revision 3, deleted 1] [revision 3]");
    }
}
