using Balsa.Raft.Membership;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Raft.Identity;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

public sealed class LeaseReadTests
{
    [Theory]
    [InlineData(false, true, ReadMode.Lease, ReadMode.Lease)]
    [InlineData(false, false, ReadMode.Lease, ReadMode.Quorum)]
    [InlineData(true, true, ReadMode.Lease, ReadMode.Quorum)]
    [InlineData(false, true, ReadMode.Quorum, ReadMode.Quorum)]
    [InlineData(false, true, ReadMode.Local, ReadMode.Local)]
    public void A_lease_serves_only_where_leases_are_allowed_and_forced_campaigns_are_not(
        bool mayBeForced, bool hasLeases, ReadMode asked, ReadMode served)
    {
        var founding = Configuration.Found(
            [new Member { Id = new MemberId(1), Incarnation = new Incarnation(1), Role = MemberRole.Voter, Name = "n1" }],
            new ClusterSettings(mayBeForced, hasLeases));
        var driver = new Driver(recovered: RecoveredState.Fresh(founding)).Lead();
        var read = new TaskCompletionSource<ReplicaAnswer>();

        driver.Hand(new RunQuery(default, asked, read));

        Assert.Equal(served, Driver.Told(read).Served);
    }
}
