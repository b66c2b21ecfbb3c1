using Balsa.Raft.Log;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 87 to 96 of the list of historical bugs: snapshots and what is applied.</summary>
public sealed class SnapshotLinesTests
{
    /// <summary>1 leads, 3 was cut off for long and needs the snapshot 1/4, which waits on the way.</summary>
    private static TestCluster WithTransfer(string options = "keep=0") => TestCluster.Of("3", options).Elect(1).Do("isolate 3")
        .Propose(1, "x", "n=3").Do("wait 350", "snapshot 1", "transfers hold", "heal", "wait 60").MustTell("on the way: 1->3 snapshot 1/4");

    [Fact]
    public void Line_87_a_snapshot_at_or_below_the_commit_index_is_acknowledged_and_not_installed()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=3")
            .Do("watch append-answer", "forge 1->2 snapshot-offer term=1 log=1/3");
        cluster.MustTell("2->1 append-answer in term 1: holds 4").MustNotTell("installed");
        Assert.Equal("1 1 1 1", cluster.Log(2));
    }

    [Fact]
    public void Line_87_a_snapshot_that_contradicts_what_is_committed_stops_the_node()
    {
        var cluster = TestCluster.Of("3").Elect(2).Elect(1).Do("forge 1->2 snapshot-offer term=2 log=2/1").MustTell("ConflictingSnapshot");
        Assert.True(cluster[2].HasStopped);
    }

    [Fact]
    public void Line_88_a_conflicting_tail_does_not_survive_an_installed_snapshot()
    {
        var cluster = TestCluster.Of("3", "keep=0").Elect(1).Do("isolate 1").Propose(1, "mine", "n=9").Elect(2).Propose(2, "theirs");
        cluster.Do("wait 350", "snapshot 2", "heal", "wait 100").MustTell("1 installed snapshot 2/3");
        Assert.Equal(("", "theirs"), (cluster.Log(1), cluster.State(1)));
        Assert.Equal(new LogIndex(3), cluster[1].Durable);
    }

    [Fact]
    public void Line_89_after_a_restart_committed_is_not_below_the_snapshot()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=3").Do("snapshot 1", "restart 1");
        Assert.Equal((new LogIndex(4), new LogIndex(4)), (cluster[1].Commit, cluster[1].Applied));
    }

    [Fact]
    public void Line_90_an_older_snapshot_is_refused_and_keeping_no_entries_behind_one_works()
    {
        var cluster = WithTransfer().Propose(1, "y").Do("snapshot 1", "report 1 snapshot 1/4").MustTell("UnusableSnapshot");
        Assert.Equal((new LogIndex(5), ""), (cluster[1].Snapshot.Index, cluster.Log(1)));
        cluster.Do("transfers go", "wait 400");
        Assert.Equal(cluster.State(1), cluster.State(3));
    }

    [Fact]
    public void Line_92_applied_starts_at_the_snapshot_and_never_goes_back()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=3").Do("snapshot 2", "restart 2", "report 2 applied 2")
            .MustTell("AppliedOutOfOrder");
        Assert.Equal(new LogIndex(4), cluster[2].Applied);
        cluster.Do("report 2 applied 9").MustTell("AppliedOutOfOrder");
    }

    [Fact]
    public void Line_93_a_transfer_that_breaks_off_is_no_success()
    {
        var cluster = WithTransfer().Do("snapshot-breaks 1->3", "wait 100");
        Assert.Equal(new LogIndex(1), cluster.Peer(1, 3).Match);
        cluster.Do("transfers go", "wait 100");
        Assert.Equal(cluster[1].Last.Index, cluster.Peer(1, 3).Match);
    }

    [Fact]
    public void Line_95_a_long_transfer_stops_neither_heartbeats_nor_commits()
    {
        var cluster = WithTransfer();
        for (var i = 0; i < 5; i++) cluster.Do("wait 500", "snapshot-moves 1->3").Propose(1, $"y{i}").MustTell("done");
        Assert.Equal((Role.Leader, new Term(1)), (cluster[1].Role, cluster[1].Term));
        Assert.Equal(new Term(1), cluster[3].Term);
        cluster.Do("snapshot-arrives 1->3", "wait 100");
        Assert.Equal(cluster.State(1), cluster.State(3));
    }

    [Fact]
    public void Line_96_compaction_keeps_what_a_live_follower_or_a_transfer_needs_within_the_bound()
    {
        var cluster = TestCluster.Of("3", "keep=6").Elect(1).Do("hold 1->3 append").Propose(1, "x", "n=4").Do("snapshot 1");
        Assert.Equal(new LogIndex(1), cluster[1].Boundary.Index);
        cluster.Propose(1, "y", "n=5").Do("snapshot 1");
        Assert.Equal(new LogIndex(4), cluster[1].Boundary.Index);

        cluster = WithTransfer("keep=6").Propose(1, "z", "n=3").Do("snapshot 1");
        Assert.Equal(new LogIndex(4), cluster[1].Boundary.Index);
    }
}
