using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 56 to 71 of the list of historical bugs: who belongs.</summary>
public sealed class MembershipLinesTests
{
    [Fact]
    public void Line_56_a_configuration_rules_from_the_moment_it_is_stored()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 append-answer", "change 1 add-learner 4");
        Assert.Equal(new LogIndex(1), cluster[2].Commit);
        Assert.Equal(new LogIndex(2), cluster[2].ConfigurationIndex);
        Assert.NotNull(cluster[2].Configuration.Find(new MemberId(4)));
    }

    [Fact]
    public void Line_57_a_change_waits_for_an_entry_of_the_leaders_own_term()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->2 append-answer").Elect(2).Do("change 2 demote 3")
            .MustTell("not done, LeaderNotReady");
        cluster.Do("release", "change 2 demote 3").MustTell("2 answered change 2: done");
    }

    [Fact]
    public void Line_58_a_second_change_is_refused_and_answered()
    {
        var cluster = TestCluster.Of("4").Elect(1).Do("hold *->1 append-answer", "change 1 demote 4", "change 1 demote 3")
            .MustTell("change 2: not done, ChangeInProgress");
        cluster.Do("release").MustTell("change 1: done");
        cluster.NobodyWaits();
    }

    [Fact]
    public void Line_59_a_joint_configuration_is_left_once_and_by_the_next_leader_if_need_be()
    {
        var cluster = TestCluster.Of("4").Elect(1).Do("hold *->1 append-answer", "change 1 demote 4", "wait 200");
        Assert.True(cluster[1].Configuration.IsJoint);
        cluster.Elect(2).Do("release", "wait 300");
        foreach (var node in (int[])[1, 2, 3, 4]) Assert.False(cluster[node].Configuration.IsJoint);
        // The change, the new leader's first entry, and the one that leaves: nothing was proposed twice.
        Assert.Equal("1 1 2 2", cluster.Log(2));
    }

    [Fact]
    public void Line_60_a_restart_brings_a_joint_configuration_back_whole()
    {
        var cluster = TestCluster.Of("3 learners=(4)").Elect(1).Do("hold *->1 append-answer", "change 1 promote 4 remove 3");
        var joint = cluster[2].Configuration;
        cluster.Do("restart 2");
        Assert.True(cluster[2].Configuration.IsJoint);
        Assert.Equal(joint.Members.ToArray(), cluster[2].Configuration.Members.ToArray());
        Assert.Equal(joint.OutgoingVoters.ToArray(), cluster[2].Configuration.OutgoingVoters.ToArray());
    }

    [Fact]
    public void Line_60_a_snapshot_stores_and_restores_a_joint_configuration_whole()
    {
        ConfigurationPlanner.TryPlan(
            Configuration.OfVoters(1, 2, 3),
            [ConfigurationChange.Of(ChangeKind.Remove, new MemberId(3))], new LogIndex(4), false, out var joint);
        var bytes = new byte[ConfigurationCodec.Length(joint)];
        ConfigurationCodec.Write(joint, bytes);
        Assert.True(ConfigurationCodec.TryRead(bytes, out var read));
        Assert.Equal(joint.OutgoingVoters.ToArray(), read.OutgoingVoters.ToArray());
        Assert.Equal(MemberRole.Leaving, read.Find(new MemberId(3))!.Role);
    }

    [Fact]
    public void Line_61_a_cut_brings_the_configuration_before_back()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 1", "change 1 add-learner 4", "heal").Elect(2);
        Assert.Equal(LogIndex.Zero, cluster[1].ConfigurationIndex);
        Assert.Null(cluster[1].Configuration.Find(new MemberId(4)));
    }

    [Fact]
    public void Line_62_an_installed_snapshot_replaces_a_later_configuration_that_was_never_committed()
    {
        var cluster = TestCluster.Of("3", "keep=0").Elect(1).Do("isolate 1").Propose(1, "a", "n=9").Do("change 1 add-learner 4");
        cluster.Elect(2).Propose(2, "b", "n=2").Do("wait 350", "snapshot 2", "heal", "wait 100").MustTell("1 installed snapshot 2/4");
        Assert.Equal(new LogIndex(4), cluster[1].ConfigurationIndex);
        Assert.Null(cluster[1].Configuration.Find(new MemberId(4)));
    }

    [Fact]
    public void Line_63_a_snapshot_stores_the_configuration_of_its_own_index()
    {
        var cluster = TestCluster.Of("3").Elect(1).Propose(1, "x").Do("hold *->1 append-answer", "change 1 add-learner 4");
        Assert.NotNull(cluster[1].Configuration.Find(new MemberId(4)));
        Assert.Null(cluster[1].ConfigurationAt(cluster[1].Commit).Find(new MemberId(4)));
        cluster.Do("snapshot 1").MustTell("1 made snapshot 1/2 {1, 2, 3}");
    }

    [Fact]
    public void Line_64_entries_before_and_after_a_change_are_committed_by_the_quorums_that_rule()
    {
        // 4 and 5 hold everything and 2 and 3 nothing: a majority of the new voters, and none of the old ones.
        var cluster = TestCluster.Of("3 learners=(4,5)").Elect(1).Do("hold 1->2 append", "hold 1->3 append").Propose(1, "before");
        cluster.Do("change 1 promote 4 promote 5").Propose(1, "after");
        Assert.Equal(new LogIndex(1), cluster[1].Commit);
        cluster.Do("deliver 1->2 append", "release").MustTell("answered change 1: done");
        Assert.Equal("before after", cluster.State(1));
    }

    [Fact]
    public void Line_65_an_id_is_never_given_twice_and_a_wiped_disk_is_not_the_member_it_was()
    {
        var cluster = TestCluster.Of("3 learners=(4)").Elect(1).Do("change 1 remove 4", "change 1 add-learner 4")
            .MustTell("ImpossibleChange");
        cluster.Do("restart 2 wiped", "wait 100").MustTell("WrongIncarnation");
        cluster.Do("isolate 3").Propose(1, "x").Do("wait 60");
        Assert.NotEqual(cluster[1].Last.Index, cluster[1].Commit);
    }

    [Fact]
    public void Line_66_a_member_that_is_invited_again_without_a_restart_starts_clean()
    {
        var cluster = TestCluster.Of("3 learners=(4)", "reuse-ids=yes").Elect(1).Propose(1, "x", "n=3")
            .Do("change 1 remove 4", "hold 1->4");
        cluster.Do("change 1 add-learner 4");
        Assert.Equal((LogIndex.Zero, false), (cluster.Peer(1, 4).Match, cluster.Peer(1, 4).Replicating));
        cluster.Do("release", "wait 200");
        Assert.Equal(cluster[1].Last, cluster[4].Last);
    }

    [Fact]
    public void Line_67_joining_goes_through_the_log_like_every_other_change()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("change 1 add-voter 4", "start 4", "wait 200");
        Assert.True(cluster[2].Configuration.IsVoter(new MemberId(4)));
        Assert.Equal(cluster[1].ConfigurationIndex, cluster[4].ConfigurationIndex);
        Assert.True(cluster[1].Commit >= cluster[1].ConfigurationIndex);
    }

    [Fact]
    public void Line_68_a_voter_votes_for_a_candidate_that_its_configuration_does_not_know() =>
        TestCluster.Of("3").Do("watch vote-answer", "forge 9->2 vote term=1 log=1/1").MustTell("2->9 vote-answer in term 1: yes");

    [Fact]
    public void Line_69_a_new_voter_that_never_starts_freezes_nothing()
    {
        var cluster = TestCluster.Of("1").Elect(1).Do("change 1 add-voter 2").Propose(1, "x").MustTell("answered \"x\": done");
        cluster.Do("wait 2000");
        Assert.False(cluster[1].Configuration.IsVoter(new MemberId(2)));
        cluster.Do("plan 1 promote 2").MustTell("VoterNotStarted");
    }

    [Fact]
    public void Line_69_a_learner_is_promoted_when_it_has_started_and_is_level_and_a_new_name_changes_no_role()
    {
        var cluster = TestCluster.Of("3", "promotion-lag=1").Elect(1).Propose(1, "x", "n=5")
            .Do("hold 1->4 append", "change 1 add-voter 4", "start 4", "wait 200");
        Assert.Equal(MemberRole.PromotingLearner, cluster[1].Configuration.Find(new MemberId(4))!.Role);
        cluster.Do("change 1 rename 4 \"four\"");
        Assert.Equal(MemberRole.PromotingLearner, cluster[1].Configuration.Find(new MemberId(4))!.Role);
        cluster.Do("release", "wait 200");
        Assert.Equal(MemberRole.Voter, cluster[1].Configuration.Find(new MemberId(4))!.Role);
        Assert.Equal("four", cluster[1].Configuration.Find(new MemberId(4))!.Name);
    }

    [Fact]
    public void Line_70_a_leader_that_removes_itself_leads_until_that_is_committed()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("hold *->1 append-answer", "change 1 remove 1");
        Assert.Equal(Role.Leader, cluster[1].Role);
        cluster.Do("release", "wait 60").MustTell("1 learned that it was removed");
        Assert.Equal(Role.Follower, cluster[1].Role);
        Assert.Contains(Role.Leader, (Role[])[cluster[2].Role, cluster[3].Role]);
        Assert.Equal(cluster[1].ConfigurationIndex, cluster[2].ConfigurationIndex);
    }

    [Fact]
    public void Line_71_a_change_names_the_configuration_that_its_caller_saw()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("change 1 add-learner 4", "change 1 add-learner 5 expected=1")
            .MustTell("ConfigurationConflict");
        cluster.Do("change 1 add-learner 5 expected=2").MustTell("change 3: done");
    }
}
