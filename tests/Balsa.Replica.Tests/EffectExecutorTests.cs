using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Raft.Recovery;
using Balsa.Replica.Execution;

namespace Balsa.Replica.Tests;

public sealed class EffectExecutorTests
{
    [Fact]
    public void A_vote_leaves_only_when_it_is_durable()
    {
        var watch = GrantOneVote(default(NoProbe), out var executor);
        Assert.Empty(watch.Sent);
        Assert.Equal(1, executor.Held);
        watch.Durable = watch.LastIo;
        executor.OnDurable(watch.LastIo);
        Assert.Equal(MessageKind.VoteResponse, Assert.Single(watch.Sent).Kind);
        Assert.Empty(watch.Violations);
    }

    [Fact]
    public void A_planted_early_release_is_noticed()
    {
        var watch = GrantOneVote(default(VotesEarly), out _);
        Assert.Single(watch.Violations);
    }

    [Fact]
    public void Effects_leave_in_the_order_in_which_they_were_asked_for()
    {
        var watch = new WatchingTarget();
        var core = new RaftCore<NoProbe>(World.Options(), RecoveredState.Fresh(Configuration.OfVoters(1, 2, 3)), default, 0);
        var executor = new EffectExecutor<NoProbe, WatchingTarget>(core, watch);
        for (ulong term = 1; term <= 5; term++)
        {
            core.SetClock((long)term * TimeSpan.TicksPerSecond);
            Assert.Equal(Rejection.None, core.Step(From(2), Vote(term)));
            executor.Run();
        }

        Assert.Empty(watch.Sent);
        Assert.Equal(Rejection.None, executor.OnDurable(new IoSeq(2)));
        Assert.Equal([1UL, 2UL], watch.Sent.Select(message => message.Term.Value));
        executor.OnDurable(watch.LastIo);
        Assert.Equal([1UL, 2UL, 3UL, 4UL, 5UL], watch.Sent.Select(message => message.Term.Value));
    }

    [Fact]
    public void After_a_storage_fault_nothing_leaves()
    {
        var watch = GrantOneVote(default(NoProbe), out var executor);
        executor.Core.OnStorageFault(StopReason.SyncFailed);
        executor.Run();
        Assert.True(executor.HasStopped);
        Assert.Equal(StopReason.SyncFailed, watch.Stopped);
        Assert.Equal(Rejection.Stopped, executor.OnDurable(watch.LastIo));
        Assert.Empty(watch.Sent);
    }

    private static WatchingTarget GrantOneVote<TProbe>(TProbe probe, out EffectExecutor<TProbe, WatchingTarget> executor)
        where TProbe : struct, IProbe
    {
        var watch = new WatchingTarget();
        var core = new RaftCore<TProbe>(World.Options(), RecoveredState.Fresh(Configuration.OfVoters(1, 2, 3)), probe, 0);
        executor = new EffectExecutor<TProbe, WatchingTarget>(core, watch);
        core.SetClock(TimeSpan.TicksPerSecond);
        Assert.Equal(Rejection.None, core.Step(From(2), Vote(1)));
        executor.Run();
        return watch;
    }

    private static Origin From(ulong member) => new(default, new MemberId(member), new Incarnation(member), new Boot(1), 1);

    private static Message Vote(ulong term) => new()
    {
        Kind = MessageKind.Vote, To = new MemberId(1), Term = new Term(term), Context = new ReadContext(new Boot(1), term),
    };

    /// <summary>Makes one mistake: a vote is sent before it is on disk.</summary>
    private struct VotesEarly : IProbe
    {
        public readonly bool Plants(Mutant mutant) => mutant == Mutant.VoteSentBeforeDurable;

        public readonly void Hit(Mark mark)
        {
        }

        public readonly void OnTransition(in Transition transition)
        {
        }
    }
}
