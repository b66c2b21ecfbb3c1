using Balsa.Raft.Effects;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

/// <summary>When readers may see what was applied, and when the state machine gets time for its own work.</summary>
public sealed class PublishingTests
{
    private readonly World _world = new();
    private readonly RaftReplica<NoProbe> _replica;
    private readonly List<(string What, int Applied, int Published)> _told = [];

    public PublishingTests()
    {
        _replica = new RaftReplica<NoProbe>(
            new ReplicaOptions { Raft = World.Options() }, RecoveredState.Fresh(Configuration.OfVoters(1)),
            new ReplicaStart([]), _world.Parts, default, 0);
        _replica.AdvanceTo(_replica.NextDeadline);
        for (var i = 0; i < 4; i++) MakeDurable();
        Assert.True(_replica.Leads);
    }

    [Fact]
    public void What_was_applied_can_be_read_before_anybody_is_told()
    {
        var batches = _world.Batches;
        foreach (var command in (string[])["one", "two", "three"])
            _replica.Handle(new ProposeCommand(World.Entry(command), Caller(command)));
        _replica.Flush();
        Assert.Empty(_told);
        MakeDurable();
        Assert.Equal([("one", 3, 3), ("two", 3, 3), ("three", 3, 3)], _told);
        Assert.Equal(batches + 1, _world.Batches);
    }

    [Fact]
    public void A_read_is_answered_after_what_was_applied_with_it_can_be_read()
    {
        _replica.Handle(new ProposeCommand(World.Entry("one"), Caller("write")));
        _replica.Flush();
        _replica.Handle(new RunQuery(default, ReadMode.Quorum, Caller("read")));
        MakeDurable();
        Assert.Equal(["read", "write"], _told.Select(told => told.What).Order());
        Assert.All(_told, told => Assert.Equal(told.Applied, told.Published));
        Assert.Contains(("write", 1, 1), _told);
    }

    [Fact]
    public void What_nobody_waits_for_can_be_read_at_the_end_of_the_batch()
    {
        _replica.Handle(new ProposeCommand(World.Entry("one"), new TaskCompletionSource<ReplicaAnswer>()));
        _replica.Flush();
        MakeDurable();
        Assert.Equal((1, 1), (_world.Applied.Count, _world.Published));
    }

    [Fact]
    public void A_batch_in_which_nothing_was_applied_publishes_nothing()
    {
        var batches = _world.Batches;
        _replica.Flush();
        _replica.Handle(new RunQuery(default, ReadMode.Local, Caller("read")));
        _replica.Flush();
        Assert.Equal(("read", 0, 0), Assert.Single(_told));
        Assert.Equal(batches, _world.Batches);
    }

    [Fact]
    public void Each_flush_does_one_slice_of_work_and_says_whether_there_is_more()
    {
        _world.WorkLeft = 3;
        var calls = _world.WorkCalls;
        var saysMore = new List<bool>();
        for (var i = 0; i < 4; i++)
        {
            _replica.Flush();
            saysMore.Add(_replica.HasWork);
        }

        Assert.Equal([true, true, false, false], saysMore);
        Assert.Equal(calls + 4, _world.WorkCalls);
    }

    private void MakeDurable()
    {
        if (_world.Written.Count > 0) _replica.OnDurable(_world.Written[^1].Io);
        _replica.Flush();
    }

    /// <summary>Notes, in the moment in which it is told, how far the state machine is and what readers see of it.</summary>
    private TaskCompletionSource<ReplicaAnswer> Caller(string what)
    {
        var caller = new TaskCompletionSource<ReplicaAnswer>();
        _ = caller.Task.ContinueWith(
            answer =>
            {
                Assert.Equal(Verdict.Done, answer.Result.Outcome.Verdict);
                _told.Add((what, _world.Applied.Count, _world.Published));
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return caller;
    }
}
