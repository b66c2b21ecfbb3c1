using Balsa.Raft.Identity;
using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Lines;

/// <summary>What the courses' systems say about terms, votes and elections, and got wrong.</summary>
public sealed class CourseElectionTests
{
    private static readonly long Timeout = TimeSpan.FromMilliseconds(300).Ticks;

    [Fact]
    [Row("S0-03")]
    public void A_thousand_times_to_wait_are_spread_over_the_whole_range()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("isolate 1");
        var deadlines = new List<long>();
        for (var round = 0; round < 1000; round++) deadlines.Add(cluster.Do("campaign 1")[1].NextDeadline);
        var counts = new int[10];
        foreach (var deadline in deadlines) counts[(deadline - deadlines.Min()) * 10 / Timeout]++;
        Assert.All(counts, count => Assert.InRange(count, 50, 150));
    }

    [Fact]
    [Row("S0-25", "S1-07", "S3-13", "M0-15")]
    public void All_begin_as_followers_and_ask_nobody_before_they_have_waited()
    {
        var cluster = TestCluster.Of("5").MustNotTell("stood");
        for (var node = 1; node <= 5; node++)
        {
            Assert.Equal((Role.Follower, Term.Zero, MemberId.None), (cluster[node].Role, cluster[node].Term, cluster[node].Leader));
            Assert.InRange(cluster[node].NextDeadline, Timeout, 2 * Timeout);
        }
    }

    [Fact]
    [Row("S0-06")]
    public void A_new_leader_begins_with_an_entry_of_its_own_that_changes_nothing_and_is_known_at_once()
    {
        var cluster = TestCluster.Of("5").Do("campaign 1").MustTell("1 appended 1/1 (empty)");
        for (var node = 1; node <= 5; node++)
            Assert.Equal(("1", "", new MemberId(1)), (cluster.Log(node), cluster.State(node), cluster[node].Leader));
    }

    [Fact]
    [Row("S0-07", "M1-12")]
    public void In_a_quiet_minute_nobody_stands_and_the_leader_asks_for_no_vote()
    {
        var cluster = TestCluster.Of("5").Elect(1).Do("watch *->* vote", "watch *->* pre-vote", "wait 60000").MustNotTell("vote");
        for (var node = 1; node <= 5; node++)
            Assert.Equal((new Term(1), new MemberId(1)), (cluster[node].Term, cluster[node].Leader));
    }

    [Fact]
    [Row("S0-10")]
    public void A_vote_that_comes_three_times_is_one_vote()
    {
        const string Yes = "vote-answer term=1 context=1/1";
        var cluster = TestCluster.Of("5", TestCluster.Plain).Do("hold", "campaign 1");
        for (var i = 0; i < 3; i++) cluster.Do($"forge 2->1 {Yes}");
        Assert.Equal(Role.Candidate, cluster[1].Role);
        Assert.Equal(Role.Leader, cluster.Do($"forge 3->1 {Yes}")[1].Role);
    }

    [Fact]
    [Row("S0-11", "S1-15", "S4-03")]
    public void A_leader_and_a_candidate_of_an_earlier_term_are_refused_and_move_no_timer()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Elect(1).Elect(2).Do("sleep 100");
        var deadline = cluster[3].NextDeadline;
        cluster.Do("forge 1->3 heartbeat term=1", "forge 1->3 append term=1 log=1/1 entries=1/2");
        cluster.Do("watch vote-answer", "forge 1->3 vote term=1 log=1/9").MustTell("3->1 vote-answer in term 2: no");
        Assert.Equal((deadline, "1 2", new MemberId(2)), (cluster[3].NextDeadline, cluster.Log(3), cluster[3].Leader));
        Assert.True(cluster.Do("forge 2->3 heartbeat term=2")[3].NextDeadline > deadline);
    }

    [Fact]
    [Row("S0-12")]
    public void A_leader_that_is_told_to_follow_tells_who_waits_that_the_outcome_is_unknown()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 append-answer").Propose(1, "x").Do("resign 1");
        cluster.MustTell("1 answered \"x\": unknown, LeadershipLost");
        Assert.Equal(Role.Follower, cluster[1].Role);
        cluster.Do("release", "wait 2000").NobodyWaits();
    }

    [Fact]
    [Row("S0-14", "S4-02")]
    public void An_election_raises_the_term_by_one_and_no_crash_lowers_it()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("campaign 1");
        Assert.Equal(new Term(1), cluster[1].Term);
        cluster.Do("campaign 1");
        Assert.Equal(new Term(1), cluster[1].Term);
        cluster.Do("campaign 2", "forge 3->2 heartbeat term=7", "crash 2", "restart 2");
        Assert.Equal((new Term(7), MemberId.None), (cluster[2].Term, cluster[2].VotedFor));
        cluster.Do("campaign 2", "crash 2", "restart 2");
        Assert.Equal((new Term(8), new MemberId(2)), (cluster[2].Term, cluster[2].VotedFor));
    }

    [Fact]
    [Row("S1-08")]
    public void A_leader_that_is_cut_off_gives_up_before_the_cut_is_mended() =>
        Assert.Equal(Role.Follower, TestCluster.Of("5").Elect(1).Do("isolate 1", "wait 600")[1].Role);

    [Fact]
    [Row("S1-10", "S3-15", "M3-01")]
    public void Of_two_candidates_with_half_of_the_votes_each_nobody_leads()
    {
        var cluster = TestCluster.Of("4", TestCluster.Plain).Do("hold", "campaign 1", "campaign 2");
        cluster.Do("deliver 1->3 vote", "deliver 2->4 vote", "release");
        for (var node = 1; node <= 4; node++) Assert.Equal((Role.Follower, new Term(1)), (cluster[node].Role, cluster[node].Term));
        Assert.Equal((new MemberId(1), new MemberId(2)), (cluster[1].VotedFor, cluster[2].VotedFor));
    }

    [Fact]
    [Row("S3-15", "M3-02", "M1-15")]
    public void A_candidate_with_three_of_five_votes_leads_without_waiting_for_the_others()
    {
        var cluster = TestCluster.Of("5", TestCluster.Plain).Do("isolate 4", "isolate 5", "campaign 1");
        Assert.Equal(Role.Leader, cluster[1].Role);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    [Row("S1-32")]
    public void Whoever_stands_with_a_shorter_log_than_the_others_follows_in_the_end(int candidate)
    {
        var logs = Enumerable.Range(1, 5).Select(node => node == candidate ? "1" : "1,1").ToArray();
        var cluster = TestCluster.WithLogs(TestCluster.Plain, logs).Do("watch vote-answer", $"campaign {candidate}").MustNotTell(": yes");
        Assert.Equal(Role.Follower, cluster[candidate].Role);
    }

    [Fact]
    [Row("S4-15", "M2-29")]
    public void A_candidate_stays_one_until_its_time_is_over_and_then_stands_again()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("isolate 1", "campaign 1", "wait 299");
        Assert.Equal((Role.Candidate, new Term(1)), (cluster[1].Role, cluster[1].Term));
        cluster.Do("wait 301");
        Assert.Equal((Role.Candidate, new Term(2)), (cluster[1].Role, cluster[1].Term));
    }

    [Theory, InlineData("heartbeat term=9"), InlineData("append term=9 log=0/0"), InlineData("vote term=9 log=0/0")]
    [Row("M0-14", "M1-11", "M4-10")]
    public void A_newer_term_ends_every_reign_whatever_log_is_longer(string message)
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Elect(1).Propose(1, "x", "n=5");
        cluster.Do($"forge 2->1 {message}", $"forge 2->3 {message}");
        Assert.Equal((Role.Follower, new Term(9)), (cluster[1].Role, cluster[1].Term));
        Assert.Equal((Role.Follower, new Term(9)), (cluster[3].Role, cluster[3].Term));
    }

    [Fact]
    [Row("M2-10")]
    public void Who_follows_has_not_voted_for_its_leader() =>
        Assert.Equal(MemberId.None, TestCluster.Of("3", TestCluster.Plain).Do("forge 3->2 append term=5 log=0/0 entries=5/1")[2].VotedFor);

    [Fact]
    [Row("M2-28")]
    public void Who_is_asked_without_a_leader_calls_no_election()
    {
        var cluster = TestCluster.Of("3").Propose(2, "x").Do("read 2").MustNotTell("stood").MustNotTell("asked whether");
        Assert.Equal((Role.Follower, Term.Zero), (cluster[2].Role, cluster[2].Term));
    }

    [Fact]
    [Row("M4-12")]
    public void A_refusal_tells_a_candidate_of_an_earlier_term_how_late_it_is()
    {
        var cluster = TestCluster.WithLogs(TestCluster.Plain, "1 term=9", "1", "1").Do("campaign 2 lose=(3)");
        Assert.Equal((Role.Follower, new Term(9)), (cluster[2].Role, cluster[2].Term));
    }

    [Fact]
    [Row("M3-15")]
    public void A_fail_over_takes_less_than_two_seconds()
    {
        var cluster = TestCluster.Of("5").Elect(1).Do("crash 1", "wait 2000");
        Assert.Contains(Enumerable.Range(2, 4), node => cluster[node].Role == Role.Leader);
    }
}
