using Balsa.Raft;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Raft.Membership;
using Balsa.Raft.Recovery;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;
using Balsa.Replica.Snapshots;

namespace Balsa.Replica.Tests;

public sealed class SnapshotTests
{
    private static readonly Configuration Voters = Configuration.OfVoters(1);

    [Fact]
    public void A_snapshot_is_made_when_it_is_due_and_holds_what_was_applied()
    {
        var driver = new Driver().Lead();
        driver.World.SnapshotEvery = 4;
        foreach (var command in new[] { "one", "two", "three" }) Write(driver, command);
        var order = Assert.Single(driver.World.Asked.OfType<SnapshotOrder>());
        Assert.Equal("one two three", TextOf(order)[8..]);
        Assert.Equal(driver.World.Content, order.Content);
    }

    [Fact]
    public void The_log_begins_after_the_oldest_kept_snapshot_once_the_core_needs_nothing_before_it()
    {
        var options = new ReplicaOptions { Raft = World.Options() with { EntriesKeptBehindSnapshot = 0, EntriesKeptForLaggards = 0 } };
        var driver = new Driver(options: options).Lead();
        driver.World.SnapshotEvery = 2;
        Write(driver, "one");
        Write(driver, "two");
        var order = driver.World.Asked.OfType<SnapshotOrder>().Single();
        Assert.DoesNotContain(driver.World.Written, operation => operation.Kind == LogOperationKind.BeginAfter);
        driver.Hand(new SnapshotMade(order.Id, 100, order.Id, order.Configuration));
        driver.MakeDurable();
        var begin = Assert.Single(driver.World.Written, operation => operation.Kind == LogOperationKind.BeginAfter);
        Assert.Equal(order.Id, begin.Snapshot);
        Write(driver, "three");
        Assert.Equal(["one", "two", "three"], driver.World.Applied);
    }

    [Fact]
    public void A_snapshot_that_failed_is_tried_again_when_the_log_has_grown_as_much_again()
    {
        var driver = new Driver().Lead();
        driver.World.SnapshotEvery = 2;
        Write(driver, "one");
        Write(driver, "two");
        var order = driver.World.Asked.OfType<SnapshotOrder>().Single();
        driver.Hand(new SnapshotFailed(order.Id, "no room"));
        Write(driver, "three");
        Assert.Equal(2, driver.World.Asked.OfType<SnapshotOrder>().Count());
    }

    [Fact]
    public void A_snapshot_of_the_leader_replaces_state_and_log_and_what_follows_it_waits_for_it()
    {
        var driver = new Driver(voters: 3).Follow();
        var snapshot = new EntryId(new Term(1), new LogIndex(100));
        driver.Hand(new SnapshotArrived(snapshot, Driver.VotersOf(3)));
        Assert.Equal(snapshot, Assert.Single(driver.World.Written, o => o.Kind == LogOperationKind.BeginAfter).Snapshot);
        driver.MakeDurable();
        var (restored, intake) = driver.World.Asked.OfType<(EntryId, StateIntake)>().Single();
        Assert.Equal(snapshot, restored);
        Fill(intake, "a b c", logTime: 77);
        driver.Hear(AppendAfter(snapshot, commit: 101), Driver.Entry(1, 101, "d"));
        driver.MakeDurable();
        Assert.Empty(driver.World.Applied);
        driver.Hand(new StateRestored(snapshot));
        Assert.Equal(["a", "b", "c", "d"], driver.World.Applied);
    }

    [Fact]
    [Row("S1-02")]
    public void A_member_that_starts_from_a_snapshot_applies_only_what_follows_it()
    {
        var snapshot = new EntryId(new Term(1), new LogIndex(2));
        var recovered = new RecoveredState(default, Voters) { HardState = new(new Term(1), default) };
        ReplicaEntry[] log = [Driver.Entry(1, 1, "one"), Driver.Entry(1, 2, "two"), Driver.Entry(1, 3, "three")];
        var driver = new Driver(recovered: recovered, start: new ReplicaStart(log, snapshot, LogTime: 5)).Lead();
        Assert.Equal(["three"], driver.World.Applied);
    }

    [Fact]
    public void Entries_that_are_no_longer_in_memory_are_read_back_before_they_are_applied()
    {
        var recovered = new RecoveredState(default, Voters) { HardState = new(new Term(1), default) };
        var log = Enumerable.Range(1, 10).Select(i => Driver.Entry(1, (ulong)i, $"c{i}")).ToArray();
        var options = new ReplicaOptions { Raft = World.Options(), CacheBytesMax = 500 };
        var driver = new Driver(options: options, recovered: recovered, start: new ReplicaStart(log)).Lead();
        Assert.Empty(driver.World.Applied);
        var (purpose, first, last) = driver.World.Asked.OfType<(MemberId, LogIndex, LogIndex)>().Single();
        Assert.Equal((MemberId.None, new LogIndex(1)), (purpose, first));
        driver.Hand(new EntriesRead(purpose, first, log[..(int)last.Value]));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => $"c{i}"), driver.World.Applied);
    }

    [Fact]
    public void A_state_machine_that_has_much_to_apply_lets_inputs_in_between()
    {
        var driver = new Driver(options: new ReplicaOptions { Raft = World.Options(), SlicesAtOnce = 1 }).Lead();
        for (var i = 0; i < 3000; i++) driver.Replica.Handle(
            new ProposeCommand(World.Entry($"{i}"), new TaskCompletionSource<ReplicaAnswer>()));
        driver.Replica.Flush();
        driver.MakeDurable();
        Assert.True(driver.Replica.HasWork);
        Assert.InRange(driver.World.Applied.Count, 1, 2999);
        while (driver.Replica.HasWork) driver.Replica.Flush();
        Assert.Equal(3000, driver.World.Applied.Count);
    }

    private static void Write(Driver driver, string command)
    {
        driver.Propose(command);
        driver.MakeDurable();
        driver.MakeDurable();
    }

    private static Raft.Messages.Message AppendAfter(EntryId log, ulong commit) => new()
    {
        Kind = Raft.Messages.MessageKind.Append, To = new MemberId(1), Term = log.Term, Log = log, Commit = new LogIndex(commit),
        Match = new LogIndex(commit), Session = new LogIndex(1),
    };

    private static void Fill(StateIntake intake, string text, long logTime)
    {
        intake.Begin(new ContentVersion(7, 1));
        Assert.True(intake.TryTake(BitConverter.GetBytes(logTime)));
        Assert.True(intake.TryTake(System.Text.Encoding.ASCII.GetBytes(text)));
        Assert.True(intake.TryFinish());
    }

    private static string TextOf(SnapshotOrder order)
    {
        var bytes = new byte[100];
        var read = order.Bytes.Read(bytes);
        return System.Text.Encoding.Latin1.GetString(bytes, 0, read);
    }
}
