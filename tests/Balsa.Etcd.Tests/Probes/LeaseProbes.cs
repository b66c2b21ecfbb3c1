using Balsa.Etcd.Tests.Steps;
using static Balsa.Etcd.Tests.Steps.Short;

namespace Balsa.Etcd.Tests.Probes;

/// <summary>Leases as far as no clock is needed.</summary>
public sealed class LeaseProbes
{
    private const string NotFound = "error 5: etcdserver: requested lease not found";

    [Fact]
    public async Task A_grant_makes_no_revision_and_an_id_is_granted_once()
    {
        await using var bed = await Bed.StartAsync(Put("a"));
        await bed.ExpectAsync(new GrantStep(5, 100), "revision 2, lease 5 for 100 s");
        await bed.ExpectAsync(new GrantStep(5, 200), "error 9: etcdserver: lease already exists");
        await bed.ExpectAsync(new GrantStep(-3, 100), "revision 2, lease -3 for 100 s");
        await bed.ExpectAsync(new GrantStep(6, 9_000_000_000), "revision 2, lease 6 for 9000000000 s");
        await bed.ExpectAsync(new GrantStep(7, 9_000_000_001), "error 11: etcdserver: too large lease TTL");
        await bed.ExpectAsync(new GrantStep(5, 9_000_000_001), "error 11: etcdserver: too large lease TTL");
    }

    [Fact]
    public async Task Whoever_proposes_a_grant_chooses_the_id_and_raises_the_time()
    {
        // Not the store's work: it gets a command in which both were done.
        await using var bed = await Bed.StartAsync();
        var chosen = await bed.Gateway.PostAsync("lease/grant", """{"TTL":"100"}""");
        Assert.True(long.Parse(chosen.GetProperty("ID").GetString()!) > 0);
        var raised = await bed.Gateway.PostAsync("lease/grant", """{"ID":"5","TTL":"-5"}""");
        Assert.Equal("1", raised.GetProperty("TTL").GetString());
    }

    [Fact]
    public async Task A_revoke_deletes_in_the_order_of_keys_in_one_revision()
    {
        await using var bed = await Bed.StartAsync(
            new GrantStep(5, 100), Put("c", "", 5), Put("a", "", 5), Put("zz", "", 5), Put("b", "", 5), Watch("\0", "\0", 6));
        await bed.ExpectAsync(new RevokeStep(5), "revision 6");
        await bed.ExpectAsync(Unwatch(6), "delete a at 6 was a= (3 3 1 lease 5); delete b at 6 was b= (5 5 1 lease 5); "
            + "delete c at 6 was c= (2 2 1 lease 5); delete zz at 6 was zz= (4 4 1 lease 5);");
        await bed.ExpectAsync(Put("d", "", 5), NotFound);
    }

    [Fact]
    public async Task A_revoke_without_keys_makes_no_revision()
    {
        await using var bed = await Bed.StartAsync(new GrantStep(5, 100), new GrantStep(6, 100), Put("a", "", 5), Put("b", "", 6));
        await bed.DoAsync(Put("a"), Delete("b"));
        await bed.ExpectAsync(new RevokeStep(5), "revision 5");
        await bed.ExpectAsync(new RevokeStep(6), "revision 5");
        await bed.ExpectAsync(new RevokeStep(6), NotFound);
        await bed.ExpectAsync(new RevokeStep(0), NotFound);
        await bed.ExpectAsync(Range("a"), "revision 5, count 1: a= (2 4 2)");
    }

    [Fact]
    public async Task A_key_belongs_to_the_lease_of_its_last_put()
    {
        await using var bed = await Bed.StartAsync(
            new GrantStep(5, 100), new GrantStep(6, 100), Put("a", "", 5), Put("a", "", 6), Txn(Put("b", "", 5), Delete("a")), Put("a"));
        await bed.ExpectAsync(new RevokeStep(6), "revision 5");
        await bed.ExpectAsync(new RevokeStep(5), "revision 6");
        await bed.ExpectAsync(Range("a", "z"), "revision 6, count 1: a= (5 5 1)");
        await bed.ExpectAsync(new GrantStep(5, 100), "revision 6, lease 5 for 100 s");
    }
}
