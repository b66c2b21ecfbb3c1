using Balsa.Etcd.Tests.Steps;
using Balsa.KeyValue.Commands;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Why puts are refused, which reason wins, and what they keep.</summary>
public sealed class PutProbes
{
    private const PutOptions Both = PutOptions.KeepValue | PutOptions.KeepLease;

    [Fact]
    public async Task The_key_comes_first_then_what_is_given_too_much_then_the_lease_then_what_is_missing()
    {
        await using var bed = await Bed.StartAsync();
        await bed.ExpectAsync(Put("", "1", lease: 9, options: Both), "error 3: etcdserver: key is not provided");
        await bed.ExpectAsync(Put("m", "1", lease: 9, options: Both), "error 3: etcdserver: value is provided");
        await bed.ExpectAsync(Put("m", "", lease: 9, options: Both), "error 3: etcdserver: lease is provided");
        await bed.ExpectAsync(Put("m", "", lease: 9, options: PutOptions.KeepValue), "error 5: etcdserver: requested lease not found");
        await bed.ExpectAsync(Put("m", "1", lease: 9), "error 5: etcdserver: requested lease not found");
        await bed.ExpectAsync(Put("m", "", options: PutOptions.KeepValue), "error 3: etcdserver: key not found");
        await bed.ExpectAsync(Put("m", "1", options: PutOptions.KeepLease), "error 3: etcdserver: key not found");
        await bed.ExpectAsync(Range("m"), "revision 1, count 0");
    }

    [Fact]
    public async Task Value_or_lease_or_both_can_be_kept()
    {
        await using var bed = await Bed.StartAsync(new GrantStep(7, 1000), new GrantStep(8, 1000), Put("k", "v", lease: 7));
        await bed.ExpectAsync(Put("k", "w", options: PutOptions.KeepLease | PutOptions.ReturnPrevious),
            "revision 3, was k=v (2 2 1 lease 7)");
        await bed.ExpectAsync(Put("k", "", lease: 8, options: PutOptions.KeepValue | PutOptions.ReturnPrevious),
            "revision 4, was k=w (2 3 2 lease 7)");
        await bed.ExpectAsync(Put("k", "", options: Both | PutOptions.ReturnPrevious), "revision 5, was k=w (2 4 3 lease 8)");
        await bed.ExpectAsync(Put("k", "", options: PutOptions.KeepValue | PutOptions.ReturnPrevious),
            "revision 6, was k=w (2 5 4 lease 8)");
        await bed.ExpectAsync(Range("k"), "revision 6, count 1: k=w (2 6 5)");
    }

    [Fact]
    public async Task A_key_that_was_deleted_begins_again()
    {
        await using var bed = await Bed.StartAsync(Put("k", "1"), Put("k", "2"), Delete("k"));
        await bed.ExpectAsync(Put("k", "", options: PutOptions.ReturnPrevious), "revision 5");
        await bed.ExpectAsync(Range("k"), "revision 5, count 1: k= (5 5 1)");
    }
}
