using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Commands;

namespace Balsa.KeyValue.Tests.Semantics;

/// <summary>Leases, compaction and alarms.</summary>
public abstract class LeaseAndCompactionTests : SemanticsTests
{
    private protected LeaseAndCompactionTests(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public void A_grant_says_what_it_granted_and_takes_negative_ids()
    {
        var answer = Grant(-7, 42);
        Assert.Equal((-7, 42, 1), (answer.Id, answer.Seconds, answer.Revision));
        AssertDone(Put("a", lease: -7));
    }

    [Fact]
    public void A_lease_is_granted_once()
    {
        Grant(1);
        AssertRefused(StoreError.LeaseExists, Grant(1));
        Revoke(1);
        AssertDone(Grant(1));
    }

    [Fact]
    public void A_time_beyond_the_largest_comes_before_a_lease_that_exists()
    {
        Grant(1, 9_000_000_000);
        AssertRefused(StoreError.LeaseTooLong, Grant(1, 9_000_000_001));
    }

    [Fact]
    public void A_proposer_that_chose_no_id_or_no_time_is_refused()
    {
        AssertRefused(StoreError.Malformed, Grant(0));
        AssertRefused(StoreError.Malformed, Grant(1, 0));
    }

    [Fact]
    public void An_unknown_lease_cannot_be_revoked() => AssertRefused(StoreError.LeaseNotFound, Revoke(1));

    [Fact]
    public void Revoking_deletes_all_keys_of_the_lease()
    {
        Grant(1);
        foreach (var key in (string[])["c", "a", "b"]) Put(key, lease: 1);
        Put("d");
        AssertDone(Revoke(1));
        Assert.Equal("d", Keys(Get("\0", "\0")));
        AssertRefused(StoreError.LeaseNotFound, Put("a", lease: 1));
    }

    [Fact]
    public void A_lease_ends_only_in_an_entry_of_the_term_that_decided_it()
    {
        Grant(1);
        Put("a", lease: 1);
        AssertRefused(StoreError.OtherTerm, Expire(Term - 1, 1));
        AssertRefused(StoreError.OtherTerm, Expire(Term + 1, 1));
        Assert.Single(Get("a").Values);
        AssertDone(Expire(Term, 1));
        Assert.Empty(Get("a").Values);
        AssertRefused(StoreError.LeaseNotFound, Expire(Term, 1));
    }

    [Fact]
    public void A_checkpoint_counts_only_in_its_term_and_passes_over_unknown_leases()
    {
        AssertRefused(StoreError.OtherTerm, Checkpoint(Term + 1));
        AssertDone(Checkpoint(Term));
        Assert.Equal(1, Revision);
    }

    [Fact]
    public void Compaction_refuses_what_is_compacted_and_what_is_not_there_yet()
    {
        Put("a");
        Put("a");
        AssertRefused(StoreError.FutureRevision, Compact(4));
        AssertDone(Compact(2));
        AssertRefused(StoreError.Compacted, Compact(2));
        AssertRefused(StoreError.Compacted, Compact(1));
        AssertRefused(StoreError.Compacted, Compact(-1));
        AssertDone(Compact(3));
    }

    [Fact]
    public void Zero_is_compacted_once_on_a_store_that_never_was()
    {
        AssertRefused(StoreError.Compacted, Compact(-1));
        AssertDone(Compact(0));
        AssertRefused(StoreError.Compacted, Compact(0));
        AssertDone(Compact(1));
    }

    [Fact]
    public void Compaction_makes_no_revision_and_keeps_what_is_newest()
    {
        Put("a", "old");
        Put("a", "new");
        Put("b");
        Delete("b");
        Assert.Equal(5, Compact(5).Revision);
        Assert.Equal("a", Keys(Get("\0", "\0", revision: 5)));
        Assert.Equal("new", Text(Get("a").Values[0].Value));
    }

    [Fact]
    public void An_alarm_is_told_when_it_changed()
    {
        Assert.Equal([new RaisedAlarm(4, AlarmType.NoSpace)], Alarm(AlarmAction.Activate, AlarmType.NoSpace, 4).Alarms);
        Assert.Empty(Alarm(AlarmAction.Deactivate, AlarmType.NoSpace, 5).Alarms);
        Assert.Empty(Alarm(AlarmAction.Deactivate, AlarmType.Corrupt, 4).Alarms);
        Assert.Equal([new RaisedAlarm(4, AlarmType.NoSpace)], Alarm(AlarmAction.Deactivate, AlarmType.NoSpace, 4).Alarms);
    }

    [Fact]
    public void Alarms_are_listed_all_or_of_one_type()
    {
        Alarm(AlarmAction.Activate, AlarmType.Corrupt, 0);
        Alarm(AlarmAction.Activate, AlarmType.NoSpace, 9);
        Alarm(AlarmAction.Activate, AlarmType.NoSpace, 3);
        Assert.Equal(3, Alarm(AlarmAction.Get, AlarmType.None).Alarms.Count);
        Assert.Equal([3UL, 9], Alarm(AlarmAction.Get, AlarmType.NoSpace).Alarms.Select(alarm => alarm.Member));
        AssertRefused(StoreError.Malformed, Alarm(AlarmAction.Activate, AlarmType.None));
    }

    [Fact]
    public void Without_space_nothing_is_put_and_nothing_granted()
    {
        Grant(1);
        Put("a", lease: 1);
        Alarm(AlarmAction.Activate, AlarmType.NoSpace);
        AssertRefused(StoreError.NoSpace, Put("b"));
        AssertRefused(StoreError.NoSpace, Grant(2));
        AssertRefused(StoreError.NoSpace, Txn(new TxnBuilder().Else(PutOf("b"))));
        AssertRefused(StoreError.NoSpace, Txn(new TxnBuilder().Then(new TxnBuilder().Then(PutOf("b")))));
    }

    [Fact]
    public void Without_space_what_frees_some_still_works()
    {
        Grant(1);
        Put("a", lease: 1);
        Put("b");
        Alarm(AlarmAction.Activate, AlarmType.NoSpace);
        AssertDone(Delete("b"));
        AssertDone(Txn(new TxnBuilder().Then(DeleteOf("b")).Then(RangeOf("a"))));
        AssertDone(Compact(3));
        AssertDone(Revoke(1));
        Alarm(AlarmAction.Deactivate, AlarmType.NoSpace);
        AssertDone(Put("b"));
    }

    [Fact]
    public void A_put_is_checked_for_space_after_its_keys_and_before_its_lease()
    {
        Alarm(AlarmAction.Activate, AlarmType.NoSpace);
        AssertRefused(StoreError.KeyNotProvided, Put(""));
        AssertRefused(StoreError.NoSpace, Put("a", lease: 9));
        AssertRefused(StoreError.NoSpace, Grant(1, 9_000_000_001));
        AssertRefused(StoreError.DuplicateKey, Txn(new TxnBuilder().Then(PutOf("a")).Then(PutOf("a"))));
    }

    [Fact]
    public void A_corrupt_cluster_changes_nothing_and_still_reads()
    {
        Grant(1);
        Put("a", lease: 1);
        Alarm(AlarmAction.Activate, AlarmType.Corrupt);
        Answer[] refused =
        [
            Put("a"), Delete("a"), Txn(new TxnBuilder().Then(PutOf("a"))), Txn(new TxnBuilder().Else(DeleteOf("a"))), Compact(2),
            Grant(2), Revoke(1), Revoke(99), Expire(Term, 1),
        ];
        Assert.All(refused, answer => AssertRefused(StoreError.Corrupt, answer));
        AssertDone(Txn(new TxnBuilder().Then(RangeOf("a"))));
        Assert.Single(Get("a").Values);
        AssertRefused(StoreError.KeyNotProvided, Put(""));
    }

    private Answer Expire(ulong term, long lease) => Apply(CommandKind.LeaseExpire, Body(new LeaseExpireCommand(term, lease).Write));

    private Answer Checkpoint(ulong term) =>
        Apply(CommandKind.LeaseCheckpoint, Body(into => LeaseCheckpointCommand.Write(into, term, [new LeaseRest(99, 500)])));
}

public sealed class LeaseAndCompactionTestsOfTheStore() : LeaseAndCompactionTests(new RealStore());

public sealed class LeaseAndCompactionTestsOfTheModel() : LeaseAndCompactionTests(new Model());
