using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Raft.Reads;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 73 to 83 of the list of historical bugs: reads and leases.</summary>
public sealed class ReadLinesTests
{
    [Fact]
    public void Line_73_no_read_before_an_entry_of_the_leaders_own_term_is_committed()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x").Do("hold *->2 append-answer").Elect(2).Do("read 2", "wait 100")
            .MustNotTell("may read");
        cluster.Do("release").MustTell("2 answered read 1: may read at 3");
    }

    [Fact]
    public void Line_74_a_group_of_one_obeys_the_same_rule_after_a_restart()
    {
        var cluster = TestCluster.Of("1").Elect(1).Propose(1, "x")
            .Do("restart 1", "sleep 300", "disk 1 hold", "campaign 1", "disk 1 sync 1", "read 1");
        Assert.Equal((Role.Leader, LogIndex.Zero), (cluster[1].Role, cluster[1].Commit));
        cluster.MustNotTell("may read");
        cluster.Do("disk 1 sync").MustTell("may read at 3");
        Assert.Equal("x", cluster.State(1));
    }

    [Fact]
    public void Line_75_no_context_is_ever_used_twice_by_one_member_not_even_over_reigns_and_restarts()
    {
        var seen = new HashSet<ReadContext>();
        var cluster = TestCluster.Of("3").Do("hold *->2 heartbeat", "hold *->3 heartbeat");
        for (var reign = 0; reign < 4; reign++)
        {
            if (reign == 2) cluster.Do("restart 1", "wait 1");
            cluster.Elect(1).Do("read 1", "wait 60");
            var ofThisReign = cluster.OnTheWay(MessageKind.Heartbeat).Where(m => m.To == new MemberId(2)).Select(m => m.Context).ToArray();
            Assert.NotEmpty(ofThisReign);
            Assert.All(ofThisReign, context => Assert.True(seen.Add(context)));
            cluster.Do("drop").Elect(2).Do("drop");
        }
    }

    [Fact]
    public void Line_75_an_answer_to_an_earlier_round_confirms_no_later_read()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 heartbeat-answer", "read 1", "duplicate 2->1 heartbeat-answer");
        cluster.Do("deliver 2->1 heartbeat-answer 1").MustTell("read 1: may read");
        cluster.Do("isolate 1", "read 1", "deliver heartbeat-answer").MustNotTell("may read");
    }

    [Fact]
    public void Line_75_an_answer_to_a_followers_earlier_question_answers_no_later_one()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold 1->2 read-index-answer", "read 2", "duplicate 1->2 read-index-answer");
        cluster.Do("deliver 1->2 read-index-answer 1").MustTell("2 answered read 1: may read");
        // 2 does not have the new entry, and its new question has not even reached the leader.
        cluster.Propose(1, "new", "lose=(2)").Do("hold 2->1 read-index", "read 2", "deliver 1->2 read-index-answer 1")
            .MustNotTell("may read");
        cluster.Do("release", "wait 100").MustTell("2 answered read 2: may read at 2");
    }

    [Fact]
    public void Line_76_a_read_joins_only_a_round_that_begins_after_it_came()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 heartbeat-answer", "read 1", "read 1", "deliver 2->1 heartbeat-answer 1");
        cluster.MustTell("1 answered read 1: may read").MustNotTell("read 2");
        cluster.Do("release").MustTell("1 answered read 2: may read");
    }

    [Fact]
    public void Line_77_the_lease_is_gone_before_campaign_now_leaves_and_stays_gone()
    {
        var cluster = TestCluster.Of("3 lease").Elect(1).Do("wait 60", "read 1 lease").MustTell("may read");
        cluster.Do("hold *->2 campaign-now", "transfer 1 2", "hold *->1 heartbeat-answer", "read 1 lease").MustNotTell("may read");
        // The word is lost and the attempt given up. Nobody knows that it is lost, so the lease does not come back.
        cluster.Do("drop *->2 campaign-now", "sleep 290", "release", "wait 60", "hold *->1 heartbeat-answer", "read 1 lease");
        cluster.MustTell("the transfer to 2: unknown").MustNotTell("read 3: may read");
    }

    [Fact]
    public void Line_78_a_read_waits_until_the_index_it_took_is_applied()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("apply 1 hold").Propose(1, "x").Do("read 1", "wait 60").MustNotTell("may read");
        cluster.Do("apply 1 go").MustTell("may read at 2");
    }

    [Theory, InlineData(244, true), InlineData(245, true), InlineData(246, false), InlineData(299, false)]
    public void Line_79_a_lease_begins_when_the_round_was_sent_and_is_shorter_than_the_time_out_by_the_drift(int later, bool holds)
    {
        var cluster = TestCluster.Of("3 lease").Elect(1).Do("hold *->1 heartbeat-answer", "read 1", "sleep 100");
        // The answers arrive 100 ms after the round was sent: that time is part of the lease.
        cluster.Do("deliver heartbeat-answer", $"sleep {later - 100}", "read 1 lease");
        Assert.Equal(holds, cluster.Tells("read 2: may read"));
    }

    [Fact]
    public void Line_79_a_clock_that_goes_back_is_refused()
    {
        var cluster = TestCluster.Of("3 lease").Elect(1).Do("report 1 clock -10").MustTell("ClockWentBack");
        Assert.Equal(1UL, cluster[1].Rejections[Rejection.ClockWentBack]);
    }

    [Fact]
    public void Line_80_without_the_check_of_the_quorum_there_is_no_lease() =>
        TestCluster.Of("3 lease", "check-quorum=no").Elect(1).Do("wait 60", "hold *->1 heartbeat-answer", "read 1 lease")
            .MustNotTell("may read");

    [Fact]
    public void Line_81_nobody_is_elected_while_a_predecessors_lease_may_hold()
    {
        var cluster = TestCluster.Of("3 lease", "pre-vote=no").Elect(1).Do("wait 60", "read 1", "isolate 1", "sleep 245", "campaign 2");
        Assert.NotEqual(Role.Leader, cluster[2].Role);
        cluster.Do("read 1 lease").MustTell("may read");
        cluster.Elect(2);
    }

    [Fact]
    public void Line_81_a_voter_that_restarted_keeps_the_promise_it_may_have_given()
    {
        var cluster = TestCluster.Of("3 lease", "pre-vote=no").Elect(1)
            .Do("wait 60", "read 1", "isolate 1", "restart 3", "sleep 240", "campaign 2");
        Assert.NotEqual(Role.Leader, cluster[2].Role);
    }

    [Fact]
    public void Line_82_the_default_read_is_linearizable() => Assert.Equal(ReadMode.Quorum, default);

    [Fact]
    public void Line_83_a_follower_reads_at_an_index_that_a_quorum_confirmed()
    {
        var cluster = TestCluster.Of("5").Elect(1).Do("cut 1-3 1-4 1-5 2-3 2-4 2-5").Elect(3).Propose(3, "new");
        // 1 still believes that it leads, and 2 follows it: the answer must not come from 1's own commit index.
        cluster.Do("read 2", "wait 60").MustNotTell("may read");
        cluster.Do("heal", "wait 300").MustTell("2 answered read 1: may read");
        Assert.Equal("new", cluster.State(2));
    }
}
