using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Leases;

/// <summary>What a new leader gives the leases that it finds.</summary>
public sealed class ReignTests
{
    private const long Second = TimeSpan.TicksPerSecond, Start = 1000 * Second, Grace = Second;

    private readonly LeaseTable _table = new();
    private readonly LeaseDeadlines<NoStoreProbe> _deadlines = new(new LeaseOptions());
    private readonly LeaseExpireCommand[] _due = new LeaseExpireCommand[100];

    [Fact]
    public void A_new_leader_gives_every_lease_its_full_time_and_an_election_timeout()
    {
        _table.Grant(1, 10);
        Lead();
        Assert.Empty(Due(Start + 11 * Second - 1));
        Assert.Equal([new LeaseExpireCommand(9, 1)], Due(Start + 11 * Second));
    }

    [Fact]
    public void A_new_leader_gives_a_lease_with_a_note_only_what_was_noted_and_an_election_timeout()
    {
        _table.Grant(1, 1000);
        _table.Checkpoint(1, 2500);
        Lead();
        Assert.Empty(Due(Start + 3500 * TimeSpan.TicksPerMillisecond - 1));
        Assert.Single(Due(Start + 3500 * TimeSpan.TicksPerMillisecond));
    }

    [Fact]
    public void A_reign_begins_in_slices_and_what_was_not_walked_is_not_over()
    {
        for (var id = 1; id <= 100; id++) _table.Grant(id, 1);
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.Empty(Due(Start + 100 * Second));
        Assert.True(_deadlines.WorkReign(10));
        Assert.Equal(Enumerable.Range(1, 10), Due(Start + 100 * Second).Select(command => (int)command.Lease));
        Assert.True(_deadlines.WorkReign(89));
        Assert.False(_deadlines.WorkReign(1));
        Assert.False(_deadlines.WorkReign(1));
    }

    [Fact]
    public void A_lease_that_is_renewed_before_it_was_walked_has_its_full_time_from_then_on()
    {
        _table.Grant(1, 10);
        _table.Grant(2, 10);
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.True(_deadlines.TryRenew(2, Start + 5 * Second, out var renewal));
        Assert.Equal(10, renewal.Seconds);
        Assert.False(_deadlines.WorkReign(100));
        Assert.Equal([1], Due(Start + 15 * Second - 1).Select(command => (int)command.Lease));
        Assert.Equal([2], Due(Start + 15 * Second).Select(command => (int)command.Lease));
    }

    [Fact]
    public void A_lease_that_is_over_before_it_was_walked_is_not_renewed()
    {
        _table.Grant(1, 10);
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.False(_deadlines.TryRenew(1, Start + 11 * Second, out var renewal));
        Assert.True(renewal.IsEnding);
    }

    [Fact]
    public void The_time_to_live_of_a_lease_that_was_not_walked_is_right()
    {
        _table.Grant(1, 10);
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.True(_deadlines.TryTimeToLive(1, Start + 2 * Second, out var seconds));
        Assert.Equal(9, seconds);
        Assert.False(_deadlines.TryTimeToLive(2, Start, out _));
    }

    [Fact]
    public void Leases_granted_and_removed_during_the_walk_are_right()
    {
        for (var id = 1; id <= 20; id++) _table.Grant(id, 10);
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.True(_deadlines.WorkReign(10));
        Remove(3);
        Remove(15);
        _table.Grant(21, 5);
        _deadlines.OnGranted(21, 5, Start + Second);
        _table.Grant(3, 30);
        _deadlines.OnGranted(3, 30, Start + Second);
        Assert.False(_deadlines.WorkReign(100));
        Assert.Equal([21], Due(Start + 6 * Second).Select(command => (int)command.Lease));
        Remove(21);
        var ended = EndAll(Start + 11 * Second);
        Assert.Equal([.. Enumerable.Range(1, 20).Except([3, 15])], ended.Select(id => (int)id));
        Assert.Empty(Due(Start + 31 * Second - 1));
        Assert.Equal([3], Due(Start + 31 * Second).Select(command => (int)command.Lease));
    }

    [Fact]
    public void A_lease_that_the_walk_meets_before_its_grant_is_told_has_its_full_time_from_the_grant()
    {
        _deadlines.BeginReign(9, Start, Grace, _table);
        _table.Grant(1, 10);
        Assert.False(_deadlines.WorkReign(100));
        _deadlines.OnGranted(1, 10, Start + 5 * Second);
        Assert.Empty(Due(Start + 15 * Second - 1));
        Assert.Single(Due(Start + 15 * Second));
    }

    [Fact]
    public void A_second_reign_knows_nothing_of_the_first()
    {
        _table.Grant(1, 10);
        Lead();
        Assert.Single(Due(Start + 11 * Second));
        _deadlines.BeginReign(12, Start + 20 * Second, Grace, _table);
        Assert.False(_deadlines.WorkReign(100));
        Assert.True(_deadlines.TryRenew(1, Start + 21 * Second, out _));
        Assert.Equal([new LeaseExpireCommand(12, 1)], Due(Start + 31 * Second));
    }

    [Fact]
    public void A_thousand_leases_end_at_no_more_than_750_a_second_and_none_before_its_time()
    {
        for (var id = 1; id <= 5000; id++) _table.Grant(id, 10 + id % 3);
        Lead();
        var ends = new Dictionary<long, int>();
        var last = 0L;
        for (var id = 1; id <= 5000; id++)
        {
            var end = EndOf(id);
            Assert.True(end >= 11 + id % 3);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            last = Math.Max(last, end);
        }

        Assert.All(ends, second => Assert.InRange(second.Value, 1, 750));
        Assert.Equal(11 + 5000 / 750, last);
    }

    [Fact]
    public void Spread_ends_lie_evenly_within_their_second()
    {
        for (var id = 1; id <= 3000; id++) _table.Grant(id, 10);
        Lead();
        var ended = 0;
        for (var tenth = 0; tenth < 10; tenth++)
        {
            var before = ended;
            ended += EndAll(Start + 12 * Second + tenth * Second / 10).Count;
            if (tenth > 0) Assert.InRange(ended - before, 70, 80);
        }
    }

    [Fact]
    public void Fewer_than_a_thousand_leases_are_not_spread()
    {
        for (var id = 1; id <= 999; id++) _table.Grant(id, 10);
        Lead();
        Assert.All(Enumerable.Range(1, 999), id => Assert.Equal(11, EndOf(id)));
    }

    [Fact]
    public void A_spread_lease_that_is_renewed_has_its_granted_time()
    {
        for (var id = 1; id <= 5000; id++) _table.Grant(id, 10);
        Lead();
        Assert.True(EndOf(5000) > 15);
        Assert.True(_deadlines.TryRenew(5000, Start, out _));
        Assert.Equal(10, EndOf(5000));
    }

    [Fact]
    public void When_no_second_has_room_left_a_deadline_stays_where_it_is()
    {
        var spread = new DeadlineSpread(1);
        var seen = new HashSet<long>();
        for (var i = 0; i < 1 << 15; i++) Assert.True(seen.Add(spread.Place(7 * Second)));
        Assert.Equal(7 * Second, seen.Min());
        Assert.Equal((7L + (1 << 15) - 1) * Second, seen.Max());
        Assert.Equal(9 * Second, spread.Place(9 * Second));
    }

    private void Lead()
    {
        _deadlines.BeginReign(9, Start, Grace, _table);
        Assert.False(_deadlines.WorkReign(1_000_000));
    }

    private void Remove(long id)
    {
        _table.Remove(id);
        _deadlines.OnRemoved(id);
    }

    /// <summary>In whole seconds after the start.</summary>
    private long EndOf(long id) => _deadlines.TryTimeToLive(id, Start, out var seconds) ? seconds : -1;

    private List<long> EndAll(long now)
    {
        var ended = new List<long>();
        for (var due = Due(now); due.Count > 0; due = Due(now))
        {
            foreach (var command in due)
            {
                ended.Add(command.Lease);
                Remove(command.Lease);
            }
        }

        ended.Sort();
        return ended;
    }

    private List<LeaseExpireCommand> Due(long now) => [.. _due[.._deadlines.AdvanceTo(now, _due)]];
}
