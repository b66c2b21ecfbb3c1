using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 40 to 54 of the list of historical bugs: feeding followers and answering callers.</summary>
public sealed class ReplicationTests
{
    /// <summary>A cluster whose node 3 needs what the leader, 1, has compacted.</summary>
    private static TestCluster WithStranded(string options = "keep=0") =>
        TestCluster.Of("3", options).Elect(1).Do("isolate 3").Propose(1, "x", "n=3").Do("wait 350", "snapshot 1", "transfers hold", "heal");

    [Fact]
    public void Line_40_when_the_previous_term_is_compacted_a_snapshot_is_sent_and_not_term_zero()
    {
        var cluster = WithStranded().Do("watch 1->3 append", "wait 60").MustTell("1 began to send snapshot 1/4 to 3");
        cluster.MustNotTell("after 0/");
        Assert.True(cluster.Peer(1, 3).NeedsSnapshot);
    }

    [Fact]
    public void Line_41_a_term_that_is_compacted_or_beyond_the_end_is_not_zero()
    {
        var log = new LogView(16);
        log.Reset(new EntryId(new Term(3), new LogIndex(5)));
        log.Append(new EntryId(new Term(4), new LogIndex(6)), 1);
        Assert.Equal(TermLookup.Compacted, log.Look(new LogIndex(4), out _));
        Assert.Equal(TermLookup.Found, log.Look(new LogIndex(5), out var boundary));
        Assert.Equal(TermLookup.BeyondEnd, log.Look(new LogIndex(7), out _));
        Assert.Equal(new Term(3), boundary);
        Assert.False(log.Holds(new EntryId(Term.Zero, new LogIndex(4))) || log.Holds(new EntryId(Term.Zero, new LogIndex(7))));
    }

    [Theory]
    [InlineData("drop", "release", "wait 100")]
    [InlineData("unreachable 1 2", "drop", "release", "wait 100")]
    [InlineData("drop", "release", "restart 2", "wait 100")]
    [InlineData("drop", "release", "campaign 3 after-silence", "wait 100", "campaign 1 after-silence", "wait 100")]
    public void Line_42_the_window_is_empty_again_after_every_kind_of_loss(params string[] loss)
    {
        var cluster = TestCluster.Of("3", "inflight=2 append-entries=1").Elect(1).Do("hold 1->2").Propose(1, "x", "n=5").Do(loss);
        Assert.Equal(cluster[1].Last.Index, cluster.Peer(1, 2).Match);
        cluster.Propose(1, "y", "n=5");
        Assert.Equal(cluster[1].Last, cluster[2].Last);
    }

    [Fact]
    public void Line_43_an_unreachable_peer_is_probed_and_leaves_that_with_one_good_answer()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 2", "unreachable 1 2");
        Assert.False(cluster.Peer(1, 2).Replicating);
        cluster.Do("heal", "wait 60");
        Assert.True(cluster.Peer(1, 2).Replicating);
    }

    [Fact]
    [Row("S1-06")]
    public void Line_44_a_stalled_follower_does_not_wedge_the_pipeline()
    {
        var cluster = TestCluster.Of("3", "inflight=1").Elect(1).Do("disk 2 hold").Propose(1, "a").Propose(1, "b").Propose(1, "c");
        Assert.Equal(new LogIndex(4), cluster[1].Commit);
        cluster.Do("wait 1000", "disk 2 go", "wait 100");
        Assert.Equal(new LogIndex(4), cluster.Peer(1, 2).Match);
    }

    [Fact]
    public void Line_45_old_entries_read_page_by_page_arrive_whole_and_in_order()
    {
        var cluster = TestCluster.Of("3", "recent=4 append-bytes=10 inflight=2").Elect(1).Do("isolate 3").Propose(1, "x", "n=25 bytes=3");
        cluster.Do("heal", "wait 200").MustTell("1 read old entries");
        Assert.Equal(cluster.State(1), cluster.State(3));
        Assert.Equal(25, cluster.State(3).Split(' ').Length);
    }

    [Fact]
    public void Line_46_the_quota_is_exact_across_empty_entries_changes_and_lost_reigns()
    {
        var cluster = TestCluster.Of("3", "uncommitted-entries=3").Elect(1);
        for (var reign = 0; reign < 4; reign++)
        {
            cluster.Do("change 1 rename 2 \"n\"", "hold *->1 append-answer").Propose(1, "x", "n=4")
                .MustTell("answered \"x4\": not done, Busy");
            cluster.Do("drop").Elect(2).Do("release", "drop", "wait 60").Elect(1).Do("wait 60").Propose(1, "y", "n=3").MustNotTell("Busy");
        }
    }

    [Theory]
    [InlineData("forge 3->2 heartbeat term=5")]
    [InlineData("forge 3->2 vote term=5 log=0/0")]
    [InlineData("forge 3->2 append term=5 log=0/0 entries=5/1")]
    public void Line_47_whenever_term_vote_or_entries_change_the_answer_waits_for_the_disk(string message) =>
        TestCluster.Of("3", TestCluster.Plain).Do("disk 2 hold", message).MustTell("1 effect waits for it");

    [Theory]
    [InlineData("resign 1")]
    [InlineData("shutdown 1")]
    [InlineData("disk 1 fail")]
    [InlineData("wait 700")]
    [InlineData("campaign 2 after-silence")]
    [InlineData("forge 2->1 heartbeat term=9")]
    public void Line_48_every_request_is_answered_exactly_once_however_a_reign_ends(string end)
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 append-answer", "hold *->1 heartbeat-answer");
        cluster.Propose(1, "x", "n=3").Do("read 1 n=2", "change 1 add-learner 4", "read 2", "transfer 1 3", end);
        var answeredTwice = cluster.Tells("answered twice");
        cluster.Do("drop", "release", "wait 2000");
        Assert.False(answeredTwice || cluster.Tells("answered twice"));
        cluster.NobodyWaits();
    }

    [Fact]
    [Row("S0-12")]
    public void Line_49_what_may_still_be_committed_is_unknown_and_not_failed()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 append-answer").Propose(1, "x").Elect(2);
        cluster.MustTell("1 answered \"x\": unknown, LeadershipLost");
        Assert.Equal("x", cluster.State(2));
    }

    [Fact]
    public void Line_51_a_follower_of_unknown_state_gets_a_snapshot_when_the_log_begins_behind_it()
    {
        var cluster = TestCluster.Of("3", "keep=0").Elect(1).Propose(1, "x", "n=4")
            .Do("wait 60", "snapshot 1", "change 1 add-learner 4", "start 4");
        cluster.Do("wait 200").MustTell("4 installed snapshot 1/5");
        Assert.Equal(cluster.State(1), cluster.State(4));
    }

    [Theory]
    [InlineData("append-answer")]
    [InlineData("heartbeat-answer")]
    [InlineData("snapshot-answer")]
    [InlineData("vote-answer")]
    [InlineData("read-index-answer")]
    public void Line_52_every_answer_of_an_earlier_term_is_ignored_and_of_a_newer_one_ends_the_reign(string kind)
    {
        var cluster = TestCluster.Of("3").Elect(2).Elect(1);
        cluster.Do($"forge 2->1 {kind} term=1 match=1").MustTell("StaleTerm");
        cluster.Do($"forge 2->1 {kind} term=9 match=1 flags=reject");
        Assert.Equal((Role.Follower, new Term(9)), (cluster[1].Role, cluster[1].Term));
    }

    [Theory]
    [InlineData("append-answer")]
    [InlineData("heartbeat-answer")]
    [InlineData("snapshot-answer")]
    public void Line_53_whatever_a_peer_answers_shows_that_it_is_alive(string kind)
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("sleep 200", $"forge 2->1 {kind} term=1 match=1");
        Assert.True(cluster.Peer(1, 2).HeardAt - cluster.Peer(1, 3).HeardAt >= TimeSpan.FromMilliseconds(200).Ticks);
    }

    [Fact]
    [Row("S1-13")]
    public void Line_54_going_back_costs_a_round_a_term_and_not_a_round_an_entry()
    {
        static string Terms(params (int Term, int Count)[] runs) =>
            string.Join(',', runs.SelectMany(r => Enumerable.Repeat(r.Term, r.Count)));
        var leader = Terms((1, 100), (4, 100), (6, 100));
        var follower = Terms((1, 100), (2, 100), (3, 50), (5, 50));
        var cluster = TestCluster.WithLogs(TestCluster.Plain, leader, follower, leader).Do("watch 1->2 append", "campaign 1");
        var rounds = cluster.Told.Count(line => line.Contains("sent: 1->2 append", StringComparison.Ordinal));
        Assert.InRange(rounds, 2, 6);
        Assert.Equal(cluster.Log(1), cluster.Log(2));
    }
}
