using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;

namespace Balsa.Raft.Tests.Lines;

/// <summary>Lines 1 to 24 of the list of historical bugs: terms, votes, elections.</summary>
public sealed class TermsAndVotesTests
{
    [Fact]
    public void Line_01_term_and_vote_travel_to_the_disk_in_one_record()
    {
        var options = new RaftOptions { Self = new(1), Incarnation = new(1), Boot = new(1), Seed = 1, PreVote = false };
        var core = new RaftCore<NoProbe>(options, RecoveredState.Fresh(Configuration.OfVoters(1, 2, 3)), default, 0);
        core.Campaign(CampaignKind.Ordinary, Correlation.None);
        var storage = core.Drain().Effects.ToArray().Where(e => e.Io != default).ToArray();
        Assert.Equal(new HardState(new Term(1), new MemberId(1)), Assert.Single(storage).HardState);
    }

    [Fact]
    public void Line_02_the_candidates_own_vote_is_durable_before_any_request_leaves()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("disk 1 hold", "campaign 1");
        Assert.Equal(Term.Zero, cluster[2].Term);
        cluster.Do("disk 1 sync", "disk 1 go");
        Assert.Equal(Role.Leader, cluster[1].Role);
    }

    [Fact]
    public void Line_03_a_node_that_cannot_store_its_vote_stops_and_asks_nobody()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("disk 1 hold", "campaign 1", "disk 1 fail");
        Assert.True(cluster[1].HasStopped);
        Assert.Equal(Term.Zero, cluster[2].Term);
    }

    [Fact]
    [Row("S1-10")]
    public void Line_05_a_candidate_that_steps_down_within_its_term_keeps_its_vote()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("hold", "campaign 1", "forge 2->1 append term=1 log=0/0");
        Assert.Equal((Role.Follower, new MemberId(1)), (cluster[1].Role, cluster[1].VotedFor));
        cluster.Do("watch vote-answer", "forge 3->1 vote term=1 log=0/0").MustTell("1->3 vote-answer in term 1: no");
    }

    [Fact]
    [Row("S0-09", "S1-05")]
    public void Line_06_never_two_votes_in_a_term_even_after_a_restart_or_a_duplicate()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("watch 2->* vote-answer", "hold 2->*", "forge 1->2 vote term=1 log=0/0");
        cluster.MustTell("2->1 vote-answer in term 1: yes");
        cluster.Do("forge 3->2 vote term=1 log=1/9").MustTell("2->3 vote-answer in term 1: no");
        cluster.Do("forge 1->2 vote term=1 log=0/0").MustTell("2->1 vote-answer in term 1: yes");
        cluster.Do("restart 2", "forge 3->2 vote term=1 log=1/9").MustTell("2->3 vote-answer in term 1: no");
    }

    [Fact]
    [Row("S1-29", "S1-34", "S4-22")]
    public void Line_06_a_vote_needs_a_log_that_is_level_by_term_before_index()
    {
        var cluster = TestCluster.WithLogs(TestCluster.Plain, "1,1,2", "1,1,1,1,1,1");
        cluster.Do("watch vote-answer", "campaign 2").MustTell("1->2 vote-answer in term 2: no");
        cluster.Do("campaign 1").MustTell("2->1 vote-answer in term 3: yes");
    }

    [Fact]
    public void Line_07_only_answers_to_this_round_of_this_term_count()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain).Do("hold *->1", "campaign 1", "campaign 1", "deliver 2->1 vote-answer 1");
        Assert.Equal(Role.Candidate, cluster[1].Role);
        cluster.Do("forge 2->1 vote-answer term=2 context=1/1");
        Assert.Equal(Role.Candidate, cluster[1].Role);
        cluster.Do("forge 2->1 vote-answer term=2 context=1/2");
        Assert.Equal(Role.Leader, cluster[1].Role);
    }

    [Fact]
    public void Line_08_a_refusal_is_no_vote()
    {
        var cluster = TestCluster.Of("5", TestCluster.Plain).Do("hold", "campaign 1");
        cluster.Do("forge 2->1 vote-answer term=1 context=1/1 flags=reject", "forge 3->1 vote-answer term=1 context=1/1 flags=reject");
        Assert.Equal(Role.Candidate, cluster[1].Role);
        cluster.Do("forge 4->1 vote-answer term=1 context=1/1 flags=reject");
        Assert.Equal(Role.Follower, cluster[1].Role);
    }

    [Fact]
    public void Line_09_a_candidate_that_sees_a_newer_term_steps_down_in_that_step()
    {
        var cluster = TestCluster.Of("3", TestCluster.Plain)
            .Do("hold", "campaign 1", "forge 2->1 vote-answer term=7 flags=reject context=1/1");
        Assert.Equal((Role.Follower, new Term(7), MemberId.None), (cluster[1].Role, cluster[1].Term, cluster[1].VotedFor));
    }

    [Fact]
    public void Line_10_a_pre_vote_changes_neither_term_nor_vote_nor_contact_time()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("sleep 299");
        var (term, vote, deadline) = (cluster[2].Term, cluster[2].VotedFor, cluster[2].NextDeadline);
        cluster.Do("forge 3->2 pre-vote term=9 log=9/9");
        Assert.Equal((term, vote, deadline, new MemberId(1)),
            (cluster[2].Term, cluster[2].VotedFor, cluster[2].NextDeadline, cluster[2].Leader));
        cluster.Do("sleep 1", "watch pre-vote-answer", "forge 3->2 pre-vote term=9 log=9/9").MustTell(": yes");
    }

    [Fact]
    public void Line_11_a_leader_that_hands_over_does_not_refuse_its_successor_for_its_own_sake()
    {
        var cluster = TestCluster.Of("2").Elect(1).Do("transfer 1 2").MustTell("1 voted for 2 in term 2");
        Assert.Equal(Role.Leader, cluster[2].Role);
    }

    [Fact]
    public void Line_12_a_pre_candidate_refused_with_a_newer_term_adopts_it()
    {
        var cluster = TestCluster.WithLogs("", "1 term=9", "1", "1").Do("campaign 2 lose=(3)");
        Assert.Equal((Role.Follower, new Term(9)), (cluster[2].Role, cluster[2].Term));
        cluster.Do("campaign 2");
        Assert.Equal(Role.Leader, cluster[2].Role);
    }

    [Fact]
    public void Line_13_a_pre_vote_needs_silence_and_a_log_that_is_level()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("watch pre-vote-answer", "forge 3->2 pre-vote term=9 log=9/9").MustTell(": no");
        cluster.Do("sleep 300", "forge 3->2 pre-vote term=9 log=0/0").MustTell(": no");
        cluster.Do("forge 3->2 pre-vote term=9 log=1/1").MustTell(": yes");
    }

    [Fact]
    public void Line_14_a_leader_and_its_followers_refuse_pre_votes()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("watch pre-vote-answer", "campaign 3");
        cluster.MustTell("1->3 pre-vote-answer in term 1: no").MustTell("2->3 pre-vote-answer in term 1: no");
        Assert.Equal(Role.Leader, cluster[1].Role);
    }

    [Fact]
    public void Line_15_learners_answer_vote_requests() =>
        TestCluster.Of("2 learners=(3)").Do("watch vote-answer", "forge 2->3 vote term=1 log=0/0")
            .MustTell("3->2 vote-answer in term 1: yes");

    [Fact]
    public void Line_16_learners_and_removed_members_never_stand_for_election()
    {
        var cluster = TestCluster.Of("3 learners=(4)").Elect(1).Do("campaign 4").MustTell("not done, NotEligible");
        cluster.Do("isolate 4", "wait 3000");
        Assert.Equal((Role.Follower, new Term(1)), (cluster[4].Role, cluster[4].Term));
        cluster = TestCluster.Of("3").Elect(1).Do("change 1 remove 1", "wait 50", "campaign 1").MustTell("not done, NotEligible");
        cluster.Do("wait 2000");
        Assert.Equal(Role.Follower, cluster[1].Role);
    }

    [Fact]
    public void Line_17_a_removed_node_cannot_raise_the_term_of_the_others()
    {
        var cluster = TestCluster.Of("4", "pre-vote=no").Elect(1).Do("isolate 4", "change 1 remove 4", "heal", "sleep 300", "campaign 4");
        cluster.MustTell("4 learned that it was removed");
        Assert.Equal((Role.Leader, new Term(1)), (cluster[1].Role, cluster[1].Term));
        Assert.Equal(new Term(1), cluster[2].Term);
    }

    [Theory, InlineData("append"), InlineData("heartbeat"), InlineData("snapshot-offer")]
    public void Line_18_a_second_leader_in_one_term_stops_whoever_sees_it(string kind)
    {
        var cluster = TestCluster.Of("3").Elect(1).Do($"forge 3->2 {kind} term=1 log=1/1")
            .MustTell("2 stopped for good: SecondLeaderInTerm");
        Assert.True(cluster[2].HasStopped);
        cluster.Do($"forge 3->1 {kind} term=1 log=1/1");
        Assert.True(cluster[1].HasStopped);
    }

    [Fact]
    public void Line_19_terms_and_indexes_out_of_range_are_never_adopted()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("forge 3->2 heartbeat term=18446744073709551615").MustTell("TermOutOfRange");
        cluster.Do("forge 1->2 heartbeat term=1 commit=18446744073709551615").MustTell("IndexOutOfRange");
        Assert.Equal(new Term(1), cluster[2].Term);
        cluster.Do("sleep 300", "forge 3->2 heartbeat term=1152921504606846976");
        Assert.Equal(Term.Max, cluster[2].Term);
        Assert.False(Enum.IsDefined(default(MessageKind)) || Enum.IsDefined(default(EntryKind)) || Enum.IsDefined(default(MemberRole)));
    }

    [Theory]
    [InlineData("cut 1->2 1->3")]
    [InlineData("cut 2->1 3->1")]
    [InlineData("cut 1-2 2-3")]
    [InlineData("cut 1-2 1->3")]
    [InlineData("cut 2->1 3->2")]
    public void Line_20_one_way_and_partial_partitions_leave_a_working_leader_and_no_endless_elections(string cut)
    {
        var cluster = TestCluster.Of("3").Elect(1).Do(cut, "wait 5000");
        var leader = Enumerable.Range(1, 3).Where(n => cluster[n].Role == Role.Leader).MaxBy(n => cluster[n].Term.Value);
        Assert.NotEqual(0, leader);
        var term = cluster[leader].Term;
        cluster.Propose(leader, "alive").Do("wait 400");
        Assert.Equal(term, cluster[leader].Term);
        Assert.Contains("alive", cluster.State(leader), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_22_campaign_now_is_for_a_voter_that_follows_this_leader_in_this_term()
    {
        var cluster = TestCluster.Of("3 learners=(4)").Elect(1).Do("forge 3->2 campaign-now term=1").MustTell("NotEntitled");
        cluster.Do("forge 1->4 campaign-now term=1").MustTell("NotEntitled");
        cluster.Do("forge 1->2 campaign-now term=0").MustTell("StaleTerm");
        cluster.Do("forge 1->2 campaign-now term=2").MustTell("NotEntitled");
    }

    [Fact]
    public void Line_23_a_transfer_waits_until_the_target_has_everything_on_its_disk()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("disk 2 hold").Propose(1, "x").Do("transfer 1 2").MustNotTell("stood");
        cluster.Propose(1, "no").MustTell("TransferInProgress");
        cluster.Do("disk 2 sync", "disk 2 go");
        Assert.Equal(Role.Leader, cluster[2].Role);
    }

    [Fact]
    public void Line_23_a_transfer_is_given_up_after_an_election_time_out()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("isolate 2").Propose(1, "x").Do("transfer 1 2", "wait 310")
            .MustTell("not done, TimedOut");
        cluster.Propose(1, "y").MustTell("answered \"y\": done");
    }

    [Fact]
    public void Line_24_a_vote_answer_carries_the_term_after_the_request_was_handled() =>
        TestCluster.Of("3", TestCluster.Plain).Do("watch vote-answer", "forge 3->2 vote term=8 log=0/0")
            .MustTell("2->3 vote-answer in term 8: yes");

    [Fact]
    [Row("S0-03")]
    public void Line_24_the_time_to_wait_for_an_election_is_drawn_anew_each_round()
    {
        var cluster = TestCluster.Of("3").Do("isolate 1");
        var waits = new SortedSet<long>();
        for (var round = 0; round < 10; round++)
        {
            var before = cluster[1].NextDeadline;
            cluster.Do("campaign 1");
            waits.Add(cluster[1].NextDeadline - before);
        }
        Assert.True(waits.Count > 8);
    }

    [Fact]
    public void Line_24_after_a_pause_the_messages_that_waited_come_before_the_expired_timer()
    {
        var cluster = TestCluster.Of("3").Elect(1).Do("pause 2", "wait 2000", "resume 2").MustNotTell("asked whether");
        Assert.Equal((Role.Follower, new MemberId(1)), (cluster[2].Role, cluster[2].Leader));
    }
}
