using Balsa.Raft;
using Balsa.Raft.Effects;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Probes;
using Balsa.Raft.Reads;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

public sealed class RaftReplicaTests
{
    private readonly World _world = new();

    [Fact]
    [Row("M1-18", "M2-08")]
    public void A_write_is_answered_when_it_is_durable_and_applied_and_not_before()
    {
        var replica = Lead();
        var caller = Propose(replica, "one");
        Assert.False(caller.Task.IsCompleted);
        Assert.Empty(_world.Applied);
        MakeDurable(replica);
        Assert.Equal(Verdict.Done, Told(caller).Outcome.Verdict);
        Assert.Equal("one"u8.ToArray(), Told(caller).Result);
        Assert.Equal("one", Assert.Single(_world.Applied));
    }

    [Fact]
    [Row("S1-02", "S2-19")]
    public void A_restart_applies_the_same_commands_again()
    {
        var replica = Lead();
        foreach (var command in new[] { "one", "two", "three" }) Propose(replica, command);
        MakeDurable(replica);
        var log = _world.Written.SelectMany(operation => operation.Entries).ToArray();
        var hardState = _world.Written.Last(operation => operation.Kind == LogOperationKind.SaveHardState).HardState;

        var again = new World();
        var second = Make(again, new ReplicaOptions { Raft = World.Options() with { Boot = new(2) } }, hardState, log);
        Lead(second, again);
        Assert.Equal(["one", "two", "three"], again.Applied);
    }

    [Fact]
    public void A_read_sees_every_write_that_was_answered_before_it()
    {
        var replica = Lead();
        Propose(replica, "one");
        MakeDurable(replica);
        var caller = Caller();
        replica.Handle(new RunQuery(default, ReadMode.Quorum, caller));
        replica.Flush();
        Assert.Equal("one", Told(caller).Result);
    }

    [Fact]
    public void A_full_log_refuses_writes_and_says_why()
    {
        var notes = new List<string>();
        var replica = Lead(new ReplicaOptions { Raft = World.Options(), LogBytesMax = 1000, Note = notes.Add });
        ReplicaAnswer last = default;
        for (var i = 0; i < 10; i++)
        {
            var caller = Propose(replica, "some command");
            MakeDurable(replica);
            last = Told(caller);
        }

        Assert.Equal(Shortage.Log, last.Shortage);
        Assert.Equal(Verdict.NotDone, last.Outcome.Verdict);
        Assert.Contains(notes, line => line.StartsWith("warning", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_refuses_writes_and_no_more_of_them_when_there_is_room()
    {
        var replica = Lead();
        _world.IsShort = true;
        var refused = Told(Propose(replica, "a"));
        Assert.Equal((Verdict.NotDone, Shortage.Disk), (refused.Outcome.Verdict, refused.Shortage));
        _world.IsShort = false;
        var taken = Propose(replica, "b");
        MakeDurable(replica);
        Assert.Equal(Verdict.Done, Told(taken).Outcome.Verdict);
        Assert.Equal(["b"], _world.Applied);
    }

    [Fact]
    public void Whoever_waits_when_it_stops_is_told_that_nobody_knows()
    {
        var replica = Lead();
        var caller = Propose(replica, "one");
        replica.Shutdown();
        Assert.Equal(Outcome.Unknown(Reason.Stopped), Told(caller).Outcome);
    }

    [Fact]
    public async Task A_replica_that_has_much_left_to_apply_stops_at_once()
    {
        var replica = Lead(new ReplicaOptions { Raft = World.Options(), SlicesAtOnce = 1 });
        for (var i = 0; i < 3000; i++) Propose(replica, $"c{i}");
        MakeDurable(replica);
        Assert.True(replica.HasWork);
        var applied = _world.Applied.Count;
        Assert.InRange(applied, 1, 2999);
        await Task.Run(replica.Shutdown).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(applied, _world.Applied.Count);
    }

    [Fact]
    public void An_entry_whose_bytes_changed_is_not_applied()
    {
        var replica = Lead();
        Propose(replica, "one");
        var stored = _world.Written.SelectMany(operation => operation.Entries).Last();
        System.Runtime.InteropServices.MemoryMarshal.AsMemory(stored.Payload).Span[^1] ^= 1;
        Assert.Throws<UnusableEntryException>(() => MakeDurable(replica));
    }

    private RaftReplica<Planted> Lead(ReplicaOptions? options = null)
    {
        var replica = Make(_world, options ?? new ReplicaOptions { Raft = World.Options() }, default, []);
        Lead(replica, _world);
        return replica;
    }

    private static void Lead(RaftReplica<Planted> replica, World world)
    {
        replica.AdvanceTo(replica.NextDeadline);
        replica.Flush();
        for (var i = 0; i < 3; i++) MakeDurable(replica, world);
        Assert.True(replica.Leads);
    }

    private static RaftReplica<Planted> Make(World world, ReplicaOptions options, HardState hardState, IEnumerable<ReplicaEntry> log) =>
        new(
            options, new RecoveredState(default, Configuration.OfVoters(1)) { HardState = hardState },
            new ReplicaStart(log), world.Parts, default, 0);

    private void MakeDurable(RaftReplica<Planted> replica) => MakeDurable(replica, _world);

    private static void MakeDurable(RaftReplica<Planted> replica, World world)
    {
        if (world.Written.Count > 0) replica.OnDurable(world.Written[^1].Io);
        replica.Flush();
    }

    /// <summary>The answer, which must be there already.</summary>
    private static ReplicaAnswer Told(TaskCompletionSource<ReplicaAnswer> caller)
    {
        Assert.True(caller.Task.IsCompleted);
        return caller.Task.GetAwaiter().GetResult();
    }

    private static TaskCompletionSource<ReplicaAnswer> Caller() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<ReplicaAnswer> Propose(RaftReplica<Planted> replica, string command)
    {
        var caller = Caller();
        replica.Handle(new ProposeCommand(World.Entry(command), caller));
        replica.Flush();
        return caller;
    }
}
