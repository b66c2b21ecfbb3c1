using Balsa.Node.Peers;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Transport.Codec;

namespace Balsa.Node.Tests.Peers;

/// <summary>Who calls with less than was seen of it is refused, unless there is an honest reason; mistakes in that are planted.</summary>
public sealed class PeerJudgeTests
{
    private static readonly Configuration Three = Configuration.OfVoters(1, 2, 3);

    [Theory]
    [InlineData(Mutant.None, LinkPurpose.Consensus, false, HelloVerdict.StateRolledBack)]
    [InlineData(Mutant.None, LinkPurpose.Bulk, false, HelloVerdict.Welcome)]
    [InlineData(Mutant.None, LinkPurpose.Consensus, true, HelloVerdict.Welcome)]
    [InlineData(Mutant.NodeWelcomesOldState, LinkPurpose.Consensus, false, HelloVerdict.Welcome)]
    [InlineData(Mutant.NodeJudgesSecondLink, LinkPurpose.Bulk, false, HelloVerdict.StateRolledBack)]
    [InlineData(Mutant.NodeJudgesRepairing, LinkPurpose.Consensus, true, HelloVerdict.StateRolledBack)]
    public void A_member_that_forgot_what_it_said_is_refused(Mutant planted, LinkPurpose link, bool repairing, HelloVerdict verdict)
    {
        var judge = new PeerJudge<Planted>(default, [], new Planted(planted));
        Assert.Equal(HelloVerdict.Welcome, Judge(judge, boot: 2, term: 5, match: 10));
        judge.Believe(new Origin(default, new MemberId(2), new Incarnation(2), new Boot(2), 1), new Term(6), new LogIndex(20));
        // Damage takes entries, and never the term; a second link may have been overtaken by any message on the first.
        Assert.Equal(verdict, Judge(judge, boot: 2, term: repairing ? 6UL : 5, match: 10, link, repairing));
    }

    [Theory]
    [InlineData(Mutant.None, HelloVerdict.BootRolledBack)]
    [InlineData(Mutant.NodeWelcomesOldBoot, HelloVerdict.Welcome)]
    public void A_member_of_an_earlier_boot_is_refused(Mutant planted, HelloVerdict verdict)
    {
        var judge = new PeerJudge<Planted>(default, [], new Planted(planted));
        Assert.Equal(HelloVerdict.Welcome, Judge(judge, boot: 2, term: 5, match: 10));
        Assert.Equal(verdict, Judge(judge, boot: 1, term: 5, match: 10));
    }

    private static HelloVerdict Judge(
        PeerJudge<Planted> judge, ulong boot, ulong term, ulong match, LinkPurpose link = LinkPurpose.Consensus, bool repairing = false)
    {
        var origin = new Origin(default, new MemberId(2), new Incarnation(2), new Boot(boot), 1);
        var last = new EntryId(new Term(term), new LogIndex(match));
        return judge.Judge(
            new PeerHello(7, new MemberId(1), new Hello(origin, new Term(term), last.Index, repairing), link), Three, out _, out _);
    }

    private readonly struct Planted(Mutant planted) : IProbe
    {
        public bool Plants(Mutant mutant) => mutant == planted && mutant != Mutant.None;

        public void Hit(Mark mark)
        {
        }

        public void OnTransition(in Transition transition)
        {
        }
    }
}
