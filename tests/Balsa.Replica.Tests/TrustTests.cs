using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Messages;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Trust;

namespace Balsa.Replica.Tests;

public sealed class TrustTests
{
    private readonly List<string> _notes = [];
    private readonly List<LogIndex> _diverged = [];

    [Fact]
    public void A_command_that_breaks_the_state_machine_costs_the_state_and_not_the_log()
    {
        var driver = new Driver(options: Options).Lead();
        Write(driver, "one");
        Write(driver, "poison");
        driver.Advance(driver.Options.Raft.HeartbeatInterval.Ticks);
        Assert.False(driver.Replica.Leads);
        Assert.Contains(_notes, line => line.Contains("could not be applied", StringComparison.Ordinal));
        var read = new TaskCompletionSource<ReplicaAnswer>();
        driver.Hand(new RunQuery(default, Raft.Reads.ReadMode.Local, read));
        Assert.Equal(Outcome.NotDone(Reason.SetAside), Driver.Told(read).Outcome);
        Assert.Equal(["one"], driver.World.Applied);
        // Time goes by, and it does not stand for election.
        for (var i = 0; i < 20; i++) driver.Advance(driver.Options.Raft.ElectionTimeout.Ticks);
        Assert.False(driver.Replica.Leads);
        Assert.False(driver.Replica.HasStopped);
    }

    [Fact]
    public void Who_waits_for_a_command_that_broke_the_state_machine_is_told()
    {
        var driver = new Driver(options: Options).Lead();
        var waiting = driver.Propose("poison");
        driver.MakeDurable();
        driver.MakeDurable();
        Assert.Equal(Outcome.Unknown(Reason.SetAside), Driver.Told(waiting).Outcome);
    }

    [Fact]
    public void A_member_that_was_set_aside_goes_on_to_store_and_acknowledge()
    {
        var driver = new Driver(3, Options).Follow(1, 1, Driver.Entry(1, 1, "poison"));
        Assert.NotEmpty(_notes);
        driver.World.Sent.Clear();
        driver.Follow(1, 1, Driver.Entry(1, 2, "two"));
        var answer = driver.World.Sent.Last(sent => sent.Message.Kind == MessageKind.AppendResponse).Message;
        Assert.Equal(new LogIndex(2), answer.Match);
        Assert.True(answer.Has(MessageFlags.DiskSlow));
    }

    [Fact]
    public void Members_tell_each_other_what_they_make_of_their_state()
    {
        var driver = new Driver(3, Options with { HashEvery = 2 }).Follow(
            1, 3, Driver.Entry(1, 1, "a"), Driver.Entry(1, 2, "b"), Driver.Entry(1, 3, "c"));
        Assert.Equal([new MemberId(2), new MemberId(3)], driver.World.Opinions.Select(told => told.Member));
        Assert.All(driver.World.Opinions, told => Assert.Equal(new LogIndex(2), told.Opinion.Index));
    }

    [Fact]
    public void A_member_that_two_others_contradict_is_set_aside_and_one_that_two_agree_with_is_not()
    {
        var wrong = Contradict(theirs: 99, third: 99);
        Assert.Equal(Outcome.NotDone(Reason.SetAside), Driver.Told(wrong.Propose("x")).Outcome);
        var right = Contradict(theirs: 99, third: 2);
        Assert.NotEqual(Outcome.NotDone(Reason.SetAside), Driver.Told(right.Propose("x")).Outcome);
    }

    [Fact]
    public void Two_that_differ_raise_an_alarm_and_neither_is_set_aside()
    {
        var driver = Contradict(theirs: 99, third: null);
        Assert.Equal([new LogIndex(2)], _diverged);
        Assert.NotEqual(Outcome.NotDone(Reason.SetAside), Driver.Told(driver.Propose("x")).Outcome);
    }

    [Fact]
    public void Opinions_of_other_feature_levels_or_versions_are_not_compared()
    {
        var box = new OpinionBox(new MemberId(1));
        box.Take(new MemberId(1), Opinion(1, level: 1, history: 5), out _);
        Assert.Equal(Comparison.Agreed, box.Take(new MemberId(2), Opinion(1, level: 2, history: 6), out _));
        Assert.Equal(Comparison.Agreed, box.Take(new MemberId(3), Opinion(1, level: 2, history: 6), out _));
        Assert.Equal(Comparison.Split, box.Take(new MemberId(2), Opinion(1, level: 1, history: 6), out _));
        Assert.Equal(Comparison.Outvoted, box.Take(new MemberId(3), Opinion(1, level: 1, history: 6), out _));
    }

    [Fact]
    public void Opinions_are_forgotten_after_a_while_and_late_ones_do_no_harm()
    {
        var box = new OpinionBox(new MemberId(1));
        for (var index = 1UL; index <= 1000; index++)
            Assert.Equal(Comparison.Agreed, box.Take(new MemberId(1), Opinion(index, 1, history: 5), out _));
        Assert.Equal(Comparison.Agreed, box.Take(new MemberId(2), Opinion(3, 1, history: 6), out _));
        Assert.Equal(Comparison.Split, box.Take(new MemberId(2), Opinion(1000, 1, history: 6), out _));
    }

    private ReplicaOptions Options => new() { Raft = World.Options(), Note = _notes.Add, Diverged = _diverged.Add };

    private Driver Contradict(ulong theirs, ulong? third)
    {
        var driver = new Driver(3, Options with { HashEvery = 2 }).Follow(1, 2, Driver.Entry(1, 1, "a"), Driver.Entry(1, 2, "b"));
        var own = driver.World.Opinions[0].Opinion;
        driver.Hand(new PeerOpinion(Origin(2), own with { Hash = own.Hash with { History = theirs } }));
        if (third is { } history) driver.Hand(new PeerOpinion(Origin(3), own with { Hash = own.Hash with { History = history } }));
        return driver;
    }

    private static Origin Origin(ulong member) => new(default, new MemberId(member), new Incarnation(member), new Boot(1), 1);

    private static StateOpinion Opinion(ulong index, uint level, ulong history) =>
        new(new LogIndex(index), level, new StateHash(1, history, 0));

    private static void Write(Driver driver, string command)
    {
        driver.Propose(command);
        driver.MakeDurable();
        driver.MakeDurable();
    }
}
