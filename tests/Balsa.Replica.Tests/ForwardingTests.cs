using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

public sealed class ForwardingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly Origin Two = new(default, new MemberId(2), new Incarnation(2), new Boot(1), 1);

    [Fact]
    public void A_follower_hands_a_write_to_its_leader_and_gives_the_leaders_answer()
    {
        var driver = new Driver(voters: 3).Follow();
        var caller = driver.Propose("one", Patience);
        var (leader, command) = Assert.Single(driver.World.Forwards);
        Assert.Equal((new MemberId(2), new Term(1)), (leader, command.Term));
        Assert.False(caller.Task.IsCompleted);
        Answer(driver, command, Outcome.Done, "answer"u8.ToArray());
        Assert.Equal("answer"u8.ToArray(), Driver.Told(caller).Result);
    }

    [Fact]
    public void A_forward_that_was_answered_in_time_leaves_no_deadline_behind()
    {
        var driver = new Driver(voters: 3).Follow();
        driver.Propose("one", TimeSpan.FromMilliseconds(1));
        Answer(driver, Assert.Single(driver.World.Forwards).Command, Outcome.Done, "answer"u8.ToArray());
        driver.Advance(TimeSpan.FromMilliseconds(2).Ticks);
        Assert.True(driver.Replica.NextDeadline > driver.Now);
    }

    [Fact]
    public void A_late_answer_to_an_earlier_start_answers_nothing()
    {
        var earlier = new Driver(voters: 3, new ReplicaOptions { Raft = World.Options() with { Seed = 77 } }).Follow();
        earlier.Propose("one", Patience);
        var later = new Driver(voters: 3, new ReplicaOptions { Raft = World.Options() with { Seed = 12_345 } }).Follow();
        var caller = later.Propose("two", Patience);
        Answer(later, Assert.Single(earlier.World.Forwards).Command, Outcome.Done, "answer to one"u8.ToArray());
        Assert.False(caller.Task.IsCompleted);
    }

    [Fact]
    public void Who_does_not_want_to_wait_is_told_who_leads()
    {
        var driver = new Driver(voters: 3).Follow();
        var told = Driver.Told(driver.Propose("one"));
        Assert.Equal((Outcome.NotDone(Reason.NotLeader), new MemberId(2)), (told.Outcome, told.Leader));
        Assert.Empty(driver.World.Forwards);
    }

    [Fact]
    public void What_was_handed_to_a_leader_whose_connection_broke_is_unknown_and_is_not_sent_again()
    {
        var driver = new Driver(voters: 3).Follow();
        var caller = driver.Propose("one", Patience);
        driver.Hand(new PeerLost(new MemberId(2)));
        Assert.Equal(Verdict.Unknown, Driver.Told(caller).Outcome.Verdict);
        driver.Follow(term: 2);
        Assert.Single(driver.World.Forwards);
    }

    [Fact]
    public void What_names_its_session_and_request_is_sent_again_and_is_never_told_not_done_afterwards()
    {
        var driver = new Driver(voters: 3).Follow();
        var caller = driver.Propose("one", Patience, session: 9);
        driver.Hand(new PeerLost(new MemberId(2)));
        Assert.Equal(2, driver.World.Forwards.Count);
        Answer(driver, driver.World.Forwards[1].Command, Outcome.NotDone(Reason.Busy));
        Assert.Equal(Outcome.Unknown(Reason.Busy), Driver.Told(caller).Outcome);
    }

    [Fact]
    public void A_leader_that_says_it_did_not_take_it_gets_it_again_when_it_leads_anew()
    {
        var driver = new Driver(voters: 3).Follow();
        var caller = driver.Propose("one", Patience);
        Answer(driver, driver.World.Forwards[0].Command, Outcome.NotDone(Reason.NotLeader));
        Assert.False(caller.Task.IsCompleted);
        Assert.Equal(2, driver.World.Forwards.Count);
    }

    [Fact]
    public void What_did_not_even_leave_is_tried_again_and_was_not_done()
    {
        var driver = new Driver(voters: 3).Follow();
        driver.World.IsCutOff = true;
        var caller = driver.Propose("one", Patience);
        Assert.False(caller.Task.IsCompleted);
        driver.World.IsCutOff = false;
        driver.Advance(1);
        Assert.Single(driver.World.Forwards);

        driver.World.IsCutOff = true;
        var late = driver.Propose("two", Patience);
        driver.Advance(Patience.Ticks);
        Assert.Equal(Verdict.NotDone, Driver.Told(late).Outcome.Verdict);
    }

    [Fact]
    public void An_answer_that_does_not_come_in_time_is_unknown()
    {
        var driver = new Driver(voters: 3).Follow();
        var caller = driver.Propose("one", Patience);
        driver.Advance(Patience.Ticks);
        Assert.Equal(Outcome.Unknown(Reason.TimedOut), Driver.Told(caller).Outcome);
    }

    [Fact]
    public void Without_a_leader_a_write_waits_for_one_and_is_not_done_when_none_comes()
    {
        var driver = new Driver(voters: 3);
        var waits = driver.Propose("one", Patience);
        Assert.False(waits.Task.IsCompleted);
        driver.Follow();
        Assert.Single(driver.World.Forwards);

        var lonely = new Driver(voters: 3);
        var caller = lonely.Propose("one", TimeSpan.FromMilliseconds(1));
        lonely.Advance(TimeSpan.FromMilliseconds(1).Ticks);
        Assert.Equal(Outcome.NotDone(Reason.NoLeader), Driver.Told(caller).Outcome);
    }

    [Fact]
    public void A_write_that_waited_is_proposed_by_the_member_itself_when_it_leads()
    {
        var driver = new Driver();
        var caller = driver.Propose("one", Patience);
        driver.Lead();
        for (var i = 0; i < 3; i++) driver.MakeDurable();
        Assert.Equal(Outcome.Done, Driver.Told(caller).Outcome);
        Assert.Equal(["one"], driver.World.Applied);
    }

    [Fact]
    public void More_than_the_limit_do_not_wait()
    {
        var driver = new Driver(voters: 3, new ReplicaOptions { Raft = World.Options(), HeldRequestsMax = 2 });
        var callers = Enumerable.Range(0, 3).Select(_ => driver.Propose("one", Patience)).ToArray();
        Assert.Equal([false, false, true], callers.Select(caller => caller.Task.IsCompleted));
        Assert.Equal(Verdict.NotDone, Driver.Told(callers[2]).Outcome.Verdict);
    }

    [Fact]
    public void A_leader_takes_a_forwarded_write_of_its_term_once_and_answers_its_sender()
    {
        var driver = new Driver().Lead();
        driver.Hand(new PeerForward(Two, new ForwardedCommand(7, new Term(1), World.Entry("one"))));
        driver.MakeDurable();
        Assert.Equal(["one"], driver.World.Applied);
        var (sender, answer) = Assert.Single(driver.World.Answers);
        Assert.Equal((new MemberId(2), 7UL, Outcome.Done), (sender, answer.Number, answer.Answer.Outcome));
    }

    [Fact]
    public void A_forwarded_write_for_another_term_or_without_an_envelope_is_refused()
    {
        var driver = new Driver().Lead();
        driver.Hand(new PeerForward(Two, new ForwardedCommand(7, new Term(9), World.Entry("one"))));
        driver.Hand(new PeerForward(Two, new ForwardedCommand(8, new Term(1), [1, 2, 3])));
        driver.MakeDurable();
        Assert.Equal(
            [Outcome.NotDone(Reason.NotLeader), Outcome.NotDone(Reason.Malformed)],
            driver.World.Answers.Select(sent => sent.Answer.Answer.Outcome));
        Assert.Empty(driver.World.Applied);
    }

    private static void Answer(Driver driver, ForwardedCommand command, Outcome outcome, byte[]? result = null) => driver.Hand(
        new PeerForwardAnswer(Two, new ForwardedAnswer(command.Number, new ReplicaAnswer(outcome, default, default, result))));
}
