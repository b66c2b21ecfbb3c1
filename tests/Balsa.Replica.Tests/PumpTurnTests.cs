using System.Diagnostics.CodeAnalysis;
using Balsa.Raft.Effects;
using Balsa.Raft.Election;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Hosting;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

/// <summary>The turns that the pump and the simulator give to a replica.</summary>
public sealed class PumpTurnTests
{
    private readonly World _world = new();
    private readonly Inbox _inbox = new();

    [Fact]
    public void After_a_pause_the_messages_that_waited_come_before_an_election()
    {
        var turn = TurnOf(members: 3);
        turn.Take(_inbox, 0);
        var late = turn.WakeAt() + 2 * World.Options().HeartbeatInterval.Ticks;
        turn.Take(_inbox, late);
        Assert.DoesNotContain(_world.Sent, sent => sent.Message.Kind == MessageKind.PreVote);
        Assert.True(turn.WakeAt() > late);
        turn.Take(_inbox, turn.WakeAt());
        Assert.Contains(_world.Sent, sent => sent.Message.Kind == MessageKind.PreVote);
    }

    [Fact]
    public void A_turn_that_comes_in_time_knows_no_grace()
    {
        var turn = TurnOf(members: 3);
        turn.Take(_inbox, 0);
        turn.Take(_inbox, turn.WakeAt());
        Assert.Contains(_world.Sent, sent => sent.Message.Kind == MessageKind.PreVote);
    }

    [Fact]
    public void Whoever_gives_the_turns_may_have_an_earlier_deadline()
    {
        var turn = TurnOf(members: 3);
        turn.Take(_inbox, 0);
        Assert.Equal(7, turn.WakeAt(7));
        Assert.True(turn.WakeAt() > 7);
    }

    [Fact]
    public void What_comes_in_during_a_turn_waits_for_the_next()
    {
        var turn = TurnOf(members: 1);
        var first = new TaskCompletionSource<ReplicaStatus>();
        _ = first.Task.ContinueWith(
            _ => _inbox.Add(Wake.Up), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _inbox.Add(new TellStatus(first));
        turn.Take(_inbox, 0);
        Assert.True(first.Task.IsCompletedSuccessfully);
        Assert.Equal(1, _inbox.Count);
    }

    [Fact]
    public async Task What_the_disk_reports_between_two_turns_counts_in_the_second()
    {
        var turn = TurnOf(members: 1);
        turn.Take(_inbox, 0);
        for (var now = turn.WakeAt(); _world.Written.Count == 0; now = turn.WakeAt()) turn.Take(_inbox, now);
        for (var lap = 0; lap < 5; lap++)
        {
            turn.OnDurable(Written);
            turn.Take(_inbox, 10_000_000);
        }

        var caller = new TaskCompletionSource<ReplicaAnswer>();
        _inbox.Add(new ProposeCommand(World.Entry("a"), caller));
        turn.Take(_inbox, 10_000_001);
        Assert.False(caller.Task.IsCompleted);
        turn.OnDurable(Written);
        Assert.False(caller.Task.IsCompleted);
        turn.Take(_inbox, 10_000_002);
        Assert.True(caller.Task.IsCompleted);
        Assert.Equal(Verdict.Done, (await caller.Task).Outcome.Verdict);
    }

    [Fact]
    [Row("M0-10")]
    public void A_timer_is_moved_only_for_an_earlier_deadline_and_set_again_when_its_time_has_passed()
    {
        var alarm = new Alarm();
        Assert.True(alarm.TrySet(100, now: 0));
        Assert.False(alarm.TrySet(200, now: 50));
        Assert.Equal(100, alarm.At);
        Assert.True(alarm.TrySet(60, now: 50));
        Assert.True(alarm.TrySet(300, now: 61));
        alarm.Clear();
        Assert.True(alarm.TrySet(400, now: 62));
    }

    [Fact]
    public async Task What_was_never_taken_is_certainly_not_done()
    {
        var callers = Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource<ReplicaAnswer>()).ToArray();
        var status = new TaskCompletionSource<ReplicaStatus>();
        var plan = new TaskCompletionSource<MembershipPlan>();
        ReplicaInput[] inputs =
        [
            new ProposeCommand(World.Entry("a"), callers[0]), new RunQuery(default, ReadMode.Quorum, callers[1]),
            new MoveLeadership(new MemberId(2), callers[2]), new ChangeMembers([], LogIndex.Zero, callers[3]),
            new StandForElection(CampaignKind.Ordinary, callers[4]), new GiveUpLeadership(callers[5]),
            new TellStatus(status), new PlanMembers([], plan), Wake.Up,
        ];
        foreach (var input in inputs) _inbox.Add(input);
        Untaken.Refuse(_inbox);
        var answers = await Task.WhenAll(callers.Select(caller => caller.Task));
        Assert.All(answers, answer => Assert.Equal(Outcome.NotDone(Reason.Stopped), answer.Outcome));
        Assert.True(status.Task.IsCanceled && plan.Task.IsCanceled);
        Assert.Equal(0, _inbox.Count);
    }

    private IoSeq Written => new(_world.Written.Max(operation => operation.Io.Value));

    private PumpTurn<NoProbe> TurnOf(int members)
    {
        var options = new ReplicaOptions { Raft = World.Options() };
        var founding = Configuration.OfVoters([.. Enumerable.Range(1, members).Select(id => (ulong)id)]);
        var replica = new RaftReplica<NoProbe>(
            options, RecoveredState.Fresh(founding), new ReplicaStart([]), _world.Parts, default, 0);
        return new PumpTurn<NoProbe>(replica, options.Raft);
    }

    private sealed class Inbox : IInbox
    {
        private readonly Queue<ReplicaInput> _waiting = new();

        public int Count => _waiting.Count;

        public bool TryTake([MaybeNullWhen(false)] out ReplicaInput input) => _waiting.TryDequeue(out input);

        internal void Add(ReplicaInput input) => _waiting.Enqueue(input);
    }
}
