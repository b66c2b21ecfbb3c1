using Balsa.Cli.Tests.Keys;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Cluster;

public sealed class MemberListTests
{
    [Fact]
    public void Columns_stand_below_their_heads_whatever_stands_in_them()
    {
        using var member = new Member(new ClientResponse
        {
            Outcome = ClientOutcome.Done,
            Status = Views.Leader(1) with
            {
                Members =
                [
                    new MemberStatus(1, "n1", "Voter", "127.0.0.1:2380", "127.0.0.1:2379", Connected: true),
                    new MemberStatus(1234567, "a-name-that-is-longer-than-others", "Learner", "[2001:db8::1234:5678]:2380", "", Connected: false),
                ],
            },
        });

        Assert.Equal(
            """
            ID       NAME                               ROLE                PEER                        CLIENT
            1        n1                                 Voter               127.0.0.1:2380              127.0.0.1:2379
            1234567  a-name-that-is-longer-than-others  Learner, unstarted  [2001:db8::1234:5678]:2380

            """, member.Balsa("member", "ls").Results, ignoreLineEndingDifferences: true);
    }
}
