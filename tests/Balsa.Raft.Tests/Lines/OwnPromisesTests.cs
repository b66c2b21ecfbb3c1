using Balsa.Raft.Log;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Promises of this core that the list of historical bugs has no line for.</summary>
public sealed class OwnPromisesTests
{
    /// <summary>1, 4 and 5 are all of the incoming voters and hold the joint configuration; 2 and 3 are cut off.</summary>
    private static TestCluster HalfJoint() => TestCluster.Of("3 learners=(4,5)").Elect(1)
        .Do("hold 1->2 append", "hold 1->3 append", "change 1 promote 4 promote 5 remove 2 remove 3", "cut 1-2 1-3 4-2 4-3 5-2 5-3");

    [Fact]
    public void A_candidate_alone_in_its_cluster_leads_when_its_own_vote_is_durable()
    {
        var cluster = TestCluster.Of("1").Do("disk 1 hold", "campaign 1");
        Assert.Equal(Role.Candidate, cluster[1].Role);
        cluster.Do("disk 1 sync");
        Assert.Equal(Role.Leader, cluster[1].Role);
    }

    [Fact]
    public void A_joint_phase_elects_nobody_without_a_majority_of_the_outgoing_voters()
    {
        var cluster = HalfJoint().Do("crash 1", "sleep 300", "campaign 4", "campaign 4");
        Assert.NotEqual(Role.Leader, cluster[4].Role);
        Assert.Equal(new Term(1), cluster[4].Term);
    }

    [Fact]
    public void A_joint_phase_confirms_no_read_without_a_majority_of_the_outgoing_voters() =>
        HalfJoint().Do("read 1", "wait 100").MustNotTell("may read");

    [Fact]
    public void Learners_confirm_no_read() =>
        TestCluster.Of("2 learners=(3,4)").Elect(1).Do("isolate 2", "read 1", "wait 100").MustNotTell("may read");

    [Fact]
    public void A_snapshot_is_acknowledged_when_it_is_durable()
    {
        var cluster = TestCluster.Of("3", "keep=0").Elect(1).Do("isolate 3").Propose(1, "x", "n=3")
            .Do("wait 350", "snapshot 1", "transfers hold", "heal", "wait 60");
        cluster.Do("disk 3 hold", "snapshot-arrives 1->3").MustTell("3 installed snapshot 1/4");
        Assert.Equal(new LogIndex(1), cluster.Peer(1, 3).Match);
        cluster.Do("disk 3 sync");
        Assert.Equal(new LogIndex(4), cluster.Peer(1, 3).Match);
    }

    [Fact]
    public void A_repairing_member_neither_votes_nor_leads_nor_counts_until_it_is_level()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=4").Do("isolate 3", "restart 2 repairing lost-from=3");
        cluster.Do("watch vote-answer", "sleep 300", "forge 3->2 vote term=5 log=5/9").MustTell(": no");
        cluster.Do("campaign 2").MustTell("not done, NotEligible");

        cluster = TestCluster.Of("3").Elect(1).Propose(1, "x", "n=4")
            .Do("isolate 3", "disk 2 hold", "restart 2 repairing lost-from=3", "disk 2 hold", "wait 60");
        cluster.Propose(1, "y").Do("read 1", "transfer 1 2").MustTell("NotEligible").MustNotTell("may read");
        Assert.Equal((new LogIndex(5), RecoveryMode.Repairing), (cluster[1].Commit, cluster[2].Mode));
        cluster.Do("disk 2 sync", "disk 2 go", "wait 100").MustTell("2 completed its repair");
        Assert.Equal((new LogIndex(6), RecoveryMode.Intact), (cluster[1].Commit, cluster[2].Mode));
    }

    [Fact]
    public void Who_lost_its_term_or_vote_never_counts_however_level_it_is()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 3", "restart 2 never-counts", "wait 60").Propose(1, "x").Do("wait 100");
        Assert.Equal(cluster[1].Last, cluster[2].Last);
        Assert.Equal(new LogIndex(1), cluster[1].Commit);
    }

    [Fact]
    public void A_leader_with_a_stalled_disk_hands_over()
    {
        var cluster = TestCluster.Of("3", "slow-disk=200").Elect(1).Do("disk 1 hold").Propose(1, "x").Do("wait 400");
        Assert.NotEqual(Role.Leader, cluster[1].Role);
        Assert.Contains(Role.Leader, (Role[])[cluster[2].Role, cluster[3].Role]);
    }

    [Fact]
    public void A_removed_voter_is_told_so_and_an_old_build_does_not_start_on_a_newer_log()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("change 1 remove 3", "wait 900").MustTell("3 learned that it was removed");
        cluster = TestCluster.Of("3", "feature=2").Elect(1).Do("wait 100", "options feature=1", "restart 3")
            .MustTell("3 stopped for good: UnknownFeatureLevel");
        Assert.True(cluster[3].HasStopped);
    }

    [Fact]
    public void A_stopped_core_asks_for_no_more_time() =>
        Assert.Equal(long.MaxValue, TestCluster.Of("3").Do("shutdown 1")[1].NextDeadline);
}
