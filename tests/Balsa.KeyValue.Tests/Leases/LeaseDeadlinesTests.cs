using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Tests.Probes;

namespace Balsa.KeyValue.Tests.Leases;

public sealed class LeaseDeadlinesTests
{
    private const long Second = TimeSpan.TicksPerSecond, Start = 1000 * Second;

    private readonly LeaseTable _table = new();
    private readonly LeaseDeadlines<NoStoreProbe> _deadlines = new(new LeaseOptions());
    private readonly LeaseExpireCommand[] _due = new LeaseExpireCommand[100];

    [Fact]
    public void A_lease_ends_when_its_time_is_over_and_not_before()
    {
        Lead();
        Grant(1, 2, Start);
        Assert.Equal(Start + 2 * Second, _deadlines.NextDeadline);
        Assert.Empty(Due(Start + 2 * Second - 1));
        Assert.Equal([new LeaseExpireCommand(5, 1)], Due(Start + 2 * Second));
    }

    [Fact]
    public void A_keep_alive_gives_the_granted_time_again()
    {
        Lead();
        Grant(1, 10, Start);
        Assert.True(_deadlines.TryRenew(1, Start + 9 * Second, out var renewal));
        Assert.Equal(new LeaseRenewal(10, 0, IsEnding: false), renewal);
        Assert.Empty(Due(Start + 19 * Second - 1));
        Assert.Single(Due(Start + 19 * Second));
    }

    [Fact]
    public void A_keep_alive_of_an_unknown_lease_is_refused()
    {
        Lead();
        Assert.False(_deadlines.TryRenew(1, Start, out var renewal));
        Assert.False(renewal.IsEnding);
    }

    [Fact]
    public void A_keep_alive_of_a_lease_that_is_over_and_not_revoked_is_refused_and_says_that_the_end_is_coming()
    {
        Lead();
        Grant(1, 10, Start);
        Assert.False(_deadlines.TryRenew(1, Start + 10 * Second, out var renewal));
        Assert.True(renewal.IsEnding);
        Assert.Single(Due(Start + 10 * Second));
        Assert.False(_deadlines.TryRenew(1, Start + 10 * Second, out renewal));
        Assert.True(renewal.IsEnding);
        Remove(1);
        Assert.False(_deadlines.TryRenew(1, Start + 10 * Second, out renewal));
        Assert.False(renewal.IsEnding);
    }

    [Fact]
    public void An_expiry_that_was_proposed_is_not_undone_by_a_clock_that_stands_still()
    {
        Lead();
        Grant(1, 10, Start);
        Assert.Single(Due(Start + 10 * Second));
        Assert.False(_deadlines.TryRenew(1, Start + 5 * Second, out _));
    }

    [Fact]
    public void The_time_to_live_is_in_whole_seconds_rounded_down()
    {
        Lead();
        Grant(1, 10, Start);
        Assert.Equal(10, TimeToLive(1, Start));
        Assert.Equal(9, TimeToLive(1, Start + 1));
        Assert.Equal(0, TimeToLive(1, Start + 9 * Second + 1));
        Assert.Equal(0, TimeToLive(1, Start + 100 * Second));
        Assert.Equal(-1, TimeToLive(2, Start));
    }

    [Fact]
    public void Sixteen_expiries_are_in_flight_at_most_and_each_end_makes_room_for_the_next()
    {
        Lead();
        for (var id = 1; id <= 40; id++) Grant(id, id, Start);
        var first = Due(Start + 60 * Second);
        Assert.Equal(Enumerable.Range(1, 16), first.Select(command => (int)command.Lease));
        Assert.Empty(Due(Start + 60 * Second));
        Remove(3);
        Remove(9);
        Assert.Equal([17, 18], Due(Start + 60 * Second).Select(command => (int)command.Lease));
    }

    [Fact]
    public void A_call_gives_no_more_than_there_is_room_for()
    {
        Lead();
        for (var id = 1; id <= 5; id++) Grant(id, id, Start);
        Assert.Equal(3, _deadlines.AdvanceTo(Start + 60 * Second, _due.AsSpan(0, 3)));
        Assert.Equal(0, _deadlines.AdvanceTo(Start + 60 * Second, []));
        Assert.Equal(2, _deadlines.AdvanceTo(Start + 60 * Second, _due));
    }

    [Fact]
    public void An_expiry_that_ended_nothing_is_proposed_again_after_a_time_and_a_backlog_does_not_hide_it()
    {
        Lead();
        for (var id = 1; id <= 20; id++) Grant(id, id, Start);
        var now = Start + 60 * Second;
        var first = Due(now);
        Assert.Equal(now + 3 * Second, _deadlines.NextDeadline);
        Assert.Empty(Due(now + 3 * Second - 1));
        Assert.Equal(first, Due(now + 3 * Second));
        Assert.Equal(now + 6 * Second, _deadlines.NextDeadline);
    }

    [Fact]
    public void A_lease_that_was_revoked_in_time_never_ends_again()
    {
        Lead();
        Grant(1, 10, Start);
        Grant(2, 20, Start);
        Remove(1);
        Assert.Empty(Due(Start + 15 * Second));
        Assert.Equal([2], Due(Start + 25 * Second).Select(command => (int)command.Lease));
        Remove(2);
        Remove(2);
        Assert.Empty(Due(Start + 1000 * Second));
    }

    [Fact]
    public void An_id_that_is_granted_again_has_only_its_new_time()
    {
        Lead();
        Grant(1, 10, Start);
        Assert.Single(Due(Start + 10 * Second));
        Remove(1);
        Grant(1, 30, Start + 10 * Second);
        Assert.Empty(Due(Start + 40 * Second - 1));
        Assert.Single(Due(Start + 40 * Second));
    }

    [Fact]
    public void A_follower_never_ends_renews_or_knows_anything()
    {
        Grant(1, 10, Start);
        Assert.False(_deadlines.WorkReign(1000));
        Assert.False(_deadlines.TryRenew(1, Start, out var renewal));
        Assert.False(renewal.IsEnding);
        Assert.Equal(-1, TimeToLive(1, Start));
        Assert.Empty(Due(Start + 1000 * Second));
        Assert.Equal(0, _deadlines.TakeCheckpoints(Start + 1000 * Second, new LeaseRest[10]));
        Assert.Equal(long.MaxValue, _deadlines.NextDeadline);
    }

    [Fact]
    public void A_leader_whose_reign_ended_is_a_follower()
    {
        Lead();
        for (var id = 1; id <= 20; id++) Grant(id, 10, Start);
        Assert.Equal(16, Due(Start + 10 * Second).Count);
        _deadlines.EndReign();
        A_follower_never_ends_renews_or_knows_anything();
    }

    [Fact]
    public void The_longest_lease_has_a_deadline_that_a_number_can_hold()
    {
        Lead();
        Grant(1, LeaseTable.SecondsMax, Start);
        Assert.Equal(LeaseTable.SecondsMax, TimeToLive(1, Start));
        Assert.True(_deadlines.TryRenew(1, Start, out _));
        Assert.Empty(Due(Start + 1000 * Second));
    }

    [Fact]
    public void A_leader_that_forgets_to_move_the_deadline_is_caught()
    {
        Assert.Empty(EndsOfARenewedLease(StoreMutant.None));
        Assert.Single(EndsOfARenewedLease(StoreMutant.LeaseShortened));

        List<LeaseExpireCommand> EndsOfARenewedLease(StoreMutant mutant)
        {
            var deadlines = new LeaseDeadlines<Planted>(new LeaseOptions(), new Planted(mutant));
            deadlines.BeginReign(5, Start, 0, new LeaseTable());
            deadlines.OnGranted(1, 10, Start);
            Assert.True(deadlines.TryRenew(1, Start + 5 * Second, out var renewal));
            Assert.Equal(10, renewal.Seconds);
            return [.. _due[..deadlines.AdvanceTo(Start + 12 * Second, _due)]];
        }
    }

    private void Lead()
    {
        _deadlines.BeginReign(5, Start, Second, _table);
        Assert.False(_deadlines.WorkReign(1000));
    }

    private void Grant(long id, long seconds, long now)
    {
        _table.Grant(id, seconds);
        _deadlines.OnGranted(id, seconds, now);
    }

    private void Remove(long id)
    {
        _table.Remove(id);
        _deadlines.OnRemoved(id);
    }

    private long TimeToLive(long id, long now) => _deadlines.TryTimeToLive(id, now, out var seconds) ? seconds : -1;

    private List<LeaseExpireCommand> Due(long now) => [.. _due[.._deadlines.AdvanceTo(now, _due)]];
}
