using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 25 to 39 of the list of historical bugs: the log and what is committed.</summary>
public sealed class LogAndCommitTests
{
    [Fact]
    public void Line_25_entries_of_an_earlier_term_are_not_counted()
    {
        var cluster = TestCluster.WithLogs(TestCluster.Plain + " append-entries=1", "1,2", "1,2", "1", "1 term=3");
        cluster.Do("isolate 4", "hold 1->* append", "campaign 1", "deliver 1->3 append", "deliver 1->3 append");
        Assert.Equal("1 2", cluster.Log(3));
        Assert.Equal(LogIndex.Zero, cluster[1].Commit);
        cluster.Do("release");
        Assert.Equal(cluster[1].Last.Index, cluster[1].Commit);
    }

    [Fact]
    public void Line_26_a_leader_alone_commits_its_first_entry_only_when_it_is_durable()
    {
        var cluster = TestCluster.Of("1").Do("disk 1 hold", "campaign 1", "disk 1 sync 1");
        Assert.Equal((Role.Leader, LogIndex.Zero), (cluster[1].Role, cluster[1].Commit));
        cluster.Do("disk 1 sync");
        Assert.Equal(new LogIndex(1), cluster[1].Commit);
        cluster.Propose(1, "x").MustNotTell("done");
        cluster.Do("disk 1 sync").MustTell("answered \"x\": done");
    }

    [Fact]
    public void Line_26_a_leader_does_not_count_what_its_own_disk_has_not()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 3", "disk 1 hold").Propose(1, "x").MustNotTell("committed");
        cluster.Do("disk 1 sync").MustTell("answered \"x\": done");
    }

    [Fact]
    public void Line_27_a_follower_answers_when_it_is_durable()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 3", "disk 2 hold").Propose(1, "x").MustNotTell("committed");
        cluster.Do("disk 2 sync").MustTell("answered \"x\": done");
    }

    [Fact]
    public void Line_28_term_and_entries_reach_the_disk_in_the_order_they_were_written()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("disk 2 hold", "forge 3->2 append term=4 log=0/0 entries=4/1");
        cluster.MustTell("not on the disk of 2 yet: term 4, then 4/1");
        cluster.Do("crash 2 keep=1", "restart 2");
        Assert.Equal((new Term(4), EntryId.Start), (cluster[2].Term, cluster[2].Last));
    }

    [Fact]
    [Row("S2-18")]
    public void Line_29_a_late_report_of_an_overwritten_entry_does_not_count()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("disk 2 hold", "forge 1->2 append term=1 log=0/0 entries=1/1,1/2");
        cluster.Do("forge 3->2 append term=2 log=1/1 entries=2/2", "disk 2 sync 2");
        Assert.Equal(new LogIndex(1), cluster[2].Durable);
        cluster.Do("disk 2 sync");
        Assert.Equal(new LogIndex(2), cluster[2].Durable);
    }

    [Fact]
    [Row("S1-17")]
    public void Line_30_an_answer_covers_what_was_asked_and_no_more()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain)
            .Do("forge 1->2 append term=1 log=0/0 entries=1/1,1/2,1/3", "watch append-answer");
        cluster.Do("forge 3->2 append term=2 log=1/1").MustTell("2->3 append-answer in term 2: holds 1");
        cluster.Do("forge 3->2 append term=2 log=1/1 entries=1/2").MustTell("holds 2");
    }

    [Fact]
    [Row("S1-17")]
    public void Line_31_an_empty_append_or_heartbeat_does_not_commit_a_stale_tail()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("forge 1->2 append term=1 log=0/0 entries=1/1,1/2,1/3");
        cluster.Do("forge 3->2 heartbeat term=2 commit=3");
        Assert.Equal(LogIndex.Zero, cluster[2].Commit);
        cluster.Do("forge 3->2 append term=2 log=1/1 commit=3", "forge 3->2 heartbeat term=2 commit=3");
        Assert.Equal(new LogIndex(1), cluster[2].Commit);
    }

    [Fact]
    public void Line_32_a_heartbeat_says_at_most_what_the_follower_holds()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "lose=(3)").Do("hold", "wait 60");
        foreach (var heartbeat in cluster.OnTheWay(MessageKind.Heartbeat))
            Assert.Equal(heartbeat.To == new MemberId(3) ? new LogIndex(1) : new LogIndex(2), heartbeat.Commit);
        Assert.NotEmpty(cluster.OnTheWay(MessageKind.Heartbeat));
    }

    [Fact]
    public void Line_33_a_heartbeat_names_no_entry_that_the_follower_may_lack()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "lose=(3)").Do("hold", "wait 60");
        Assert.All(cluster.OnTheWay(MessageKind.Heartbeat), heartbeat => Assert.Equal(EntryId.Start, heartbeat.Log));
    }

    [Fact]
    [Row("S1-04", "S2-18")]
    public void Line_34_a_delayed_shorter_append_shortens_nothing()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("forge 1->2 append term=1 log=0/0 entries=1/1,1/2,1/3");
        cluster.Do("forge 1->2 append term=1 log=0/0 entries=1/1").MustNotTell("cut back");
        cluster.Do("forge 1->2 append term=1 log=0/0").MustNotTell("cut back");
        Assert.Equal("1 1 1", cluster.Log(2));
    }

    [Fact]
    public void Line_35_nothing_committed_is_ever_cut_whatever_a_leader_says()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Elect(1).Propose(1, "x", "n=3");
        cluster.Do("forge 3->2 append term=7 log=1/1 entries=7/2,7/3,7/4").MustNotTell("cut back");
        Assert.Equal("1 1 1 1", cluster.Log(2));
    }

    [Fact]
    public void Line_36_a_cut_takes_the_configuration_back_and_leaves_no_caller_waiting()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 1").Propose(1, "mine").Do("change 1 demote 3");
        Assert.True(cluster[1].Configuration.IsJoint);
        cluster.Do("heal").Elect(2).MustTell("1 answered \"mine\": unknown, LeadershipLost (1/2)");
        Assert.False(cluster[1].Configuration.IsJoint);
        Assert.Equal(LogIndex.Zero, cluster[1].ConfigurationIndex);
        cluster.NobodyWaits();
    }

    [Fact]
    public void Line_37_a_compacted_previous_entry_is_no_conflict()
    {
        var cluster = TestCluster.Of("3", "keep=0").Elect(1).Propose(1, "x", "n=4").Do("snapshot 2", "watch append-answer");
        Assert.Equal(new LogIndex(5), cluster[2].Boundary.Index);
        cluster.Do("forge 1->2 append term=1 log=1/2 entries=1/3,1/4").MustTell("2->1 append-answer in term 1: holds 5");
        cluster.Do("forge 1->2 append term=1 log=1/4 entries=1/5,1/6").MustTell("2->1 append-answer in term 1: holds 6");
    }

    [Fact]
    public void Line_38_an_answer_from_before_a_removal_moves_nothing_after_the_member_came_back()
    {
        var cluster = TestCluster.Of("3 learners=(4)", "reuse-ids=yes").Elect(1).Do("hold 4->1 append-answer").Propose(1, "x");
        cluster.Do("hold 1->4", "change 1 remove 4", "change 1 add-learner 4", "deliver 4->1 append-answer").MustTell("StaleSession");
        Assert.Equal(LogIndex.Zero, cluster.Peer(1, 4).Match);
    }

    [Fact]
    public void Line_39_a_follower_that_lost_its_log_is_not_credited_with_what_it_once_held()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=4");
        Assert.Equal(new LogIndex(5), cluster.Peer(1, 2).Match);
        cluster.Do("isolate 3", "hold 1->2 append", "restart 2 repairing lost-from=2", "wait 60");
        Assert.Equal(LogIndex.Zero, cluster.Peer(1, 2).Match);
        cluster.Propose(1, "y");
        Assert.Equal(new LogIndex(5), cluster[1].Commit);
    }
}
