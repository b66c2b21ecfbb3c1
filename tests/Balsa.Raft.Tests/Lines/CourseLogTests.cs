using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Lines;

/// <summary>What the courses' systems say about the log and what is committed, and got wrong.</summary>
public sealed class CourseLogTests
{
    [Fact]
    [Row("S0-08", "M0-01")]
    public void Who_cannot_be_reached_stays_a_member_and_catches_up()
    {
        var cluster = TestCluster.Of("5").Elect(1);
        var members = $"{cluster[1].Configuration}";
        cluster.Do("isolate 3").Propose(1, "x", "n=20").Do("unreachable 1 3", "wait 30000");
        Assert.Equal(members, $"{cluster[1].Configuration}");
        cluster.Do("heal", "wait 200");
        Assert.Equal((members, cluster.State(1)), ($"{cluster[3].Configuration}", cluster.State(3)));
        Assert.Equal(20, cluster.State(3).Split(' ').Length);
    }

    [Fact]
    [Row("S1-06", "M1-13")]
    public void A_peer_that_answers_nothing_delays_no_write()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold 1->3", "hold 3->1");
        for (var i = 0; i < 5; i++) cluster.Propose(1, $"x{i}").MustTell($"answered \"x{i}\": done");
        Assert.Equal(new LogIndex(1), cluster[3].Last.Index);
    }

    [Fact]
    [Row("S1-13", "S2-29")]
    public void Ten_thousand_entries_are_caught_up_in_far_fewer_messages()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 3");
        for (var i = 0; i < 10; i++) cluster.Propose(1, "x", "n=1000");
        cluster.Do("watch 1->3 append", "heal", "wait 5000");
        Assert.Equal(cluster[1].Last, cluster[3].Last);
        Assert.Equal(new LogIndex(10_001), cluster[3].Applied);
        Assert.InRange(cluster.Told.Count(line => line.Contains("sent: 1->3 append", StringComparison.Ordinal)), 1, 1000);
    }

    [Fact]
    [Row("S1-16")]
    public void What_does_not_follow_on_the_log_is_refused_with_a_hint_and_not_stored()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("forge 1->2 append term=1 log=0/0 entries=1/1,1/2", "watch append-answer");
        cluster.Do("forge 1->2 append term=1 log=1/5 entries=1/6").MustTell("not after 5, perhaps after 1/2");
        cluster.Do("forge 3->2 append term=3 log=2/2 entries=3/3").MustTell("not after 2");
        Assert.Equal("1 1", cluster.Log(2));
    }

    [Fact]
    [Row("S2-30")]
    public void A_follower_applies_what_is_committed_within_one_heartbeat()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x").Do("wait 50");
        Assert.Equal(("x", "x"), (cluster.State(2), cluster.State(3)));
    }

    [Fact]
    [Row("M1-05", "M2-24")]
    public void Only_a_gap_in_the_log_moves_the_next_index_back_and_never_before_the_first()
    {
        var cluster = TestCluster.WithLogs(TestCluster.Plain, "1,1,1,1,1", "", "1,1,1,1,1").Elect(1).Do("wait 100");
        Assert.Equal(cluster.Log(1), cluster.Log(2));
        var next = cluster.Peer(1, 2).Next;
        cluster.Do("forge 2->1 append-answer term=0 flags=reject");
        Assert.Equal(next, cluster.Peer(1, 2).Next);
        cluster.Do("hold 1->2", "forge 2->1 append-answer term=2 log=0/0 match=0 flags=reject");
        Assert.True(cluster.Peer(1, 2).Next.Value >= 1);
        cluster.Do("drop", "release", "wait 400");
        Assert.Equal(cluster[1].Last, cluster[2].Last);
    }

    [Fact]
    [Row("M1-06")]
    public void What_different_rounds_of_answers_cover_together_is_committed()
    {
        var cluster = TestCluster.Of("5").Elect(1).Do("hold *->1 append-answer").Propose(1, "x").Do("deliver 2->1 append-answer");
        Assert.Equal(new LogIndex(1), cluster[1].Commit);
        cluster.Propose(1, "y").Do("drop", "forge 3->1 append-answer term=1 match=3");
        Assert.Equal(new LogIndex(2), cluster[1].Commit);
    }

    [Fact]
    [Row("M1-19")]
    public void All_that_is_committed_is_applied_at_once()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("forge 1->2 append term=1 log=0/0 entries=1/1,1/2,1/3,1/4,1/5 commit=5");
        Assert.Equal((new LogIndex(5), new LogIndex(5)), (cluster[2].Commit, cluster[2].Applied));
    }
}
