using Balsa.KeyValue.Commands;
using Balsa.KeyValue.Leases;
using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Leases;

/// <summary>Notes of what long leases still have, and that no note ever shortens what a keep-alive has promised.</summary>
public sealed class CheckpointTests
{
    private const long Second = TimeSpan.TicksPerSecond, Minute = 60 * Second, Start = 1000 * Second;

    private readonly LeaseTable _table = new();
    private readonly LeaseDeadlines<NoStoreProbe> _deadlines = new(new LeaseOptions());
    private readonly LeaseRest[] _rests = new LeaseRest[100];

    [Fact]
    public void Every_five_minutes_it_is_noted_what_leases_with_more_than_that_still_have()
    {
        Lead();
        Grant(1, 3600);
        Grant(2, 600);
        Grant(3, 601);
        Assert.Equal(Start + 5 * Minute, _deadlines.NextDeadline);
        Assert.Empty(Rests(Start + 5 * Minute - 1));
        Assert.Equal([new LeaseRest(1, 3_300_000), new LeaseRest(3, 301_000)], Rests(Start + 5 * Minute));
        Assert.Empty(Rests(Start + 10 * Minute - 1));
        Assert.Equal([new LeaseRest(1, 3_000_000)], Rests(Start + 10 * Minute));
    }

    [Fact]
    public void A_rest_is_rounded_up_so_that_a_note_shortens_nothing()
    {
        Lead();
        Grant(1, 3600);
        Assert.Equal([new LeaseRest(1, 3_300_000)], Rests(Start + 5 * Minute + 1));
    }

    [Fact]
    public void A_lease_that_was_renewed_lately_needs_no_note()
    {
        Lead();
        Grant(1, 3600);
        Assert.True(_deadlines.TryRenew(1, Start + 1, out _));
        Assert.Empty(Rests(Start + 5 * Minute));
        Assert.Single(Rests(Start + 10 * Minute));
    }

    [Fact]
    public void A_keep_alive_says_that_a_note_must_be_taken_back_until_that_is_done()
    {
        Lead();
        Grant(1, 3600);
        Assert.Single(Rests(Start + 5 * Minute));
        Assert.True(_deadlines.TryRenew(1, Start + 6 * Minute, out var renewal));
        Assert.NotEqual(0, renewal.TakeBack);
        Assert.True(_deadlines.TryRenew(1, Start + 6 * Minute, out var again));
        Assert.Equal(renewal, again);
        _deadlines.OnTakenBack(1, renewal.TakeBack);
        Assert.True(_deadlines.TryRenew(1, Start + 6 * Minute, out again));
        Assert.Equal(0, again.TakeBack);
    }

    [Fact]
    public void A_note_that_an_earlier_leader_left_must_be_taken_back_too()
    {
        _table.Grant(1, 3600);
        _table.Checkpoint(1, 900_000);
        Lead();
        Assert.True(_deadlines.TryRenew(1, Start, out var renewal));
        Assert.NotEqual(0, renewal.TakeBack);
        _table.Grant(2, 3600);
        _table.Checkpoint(2, 900_000);
        _deadlines.BeginReign(10, Start, 0, _table);
        Assert.True(_deadlines.TryRenew(2, Start, out renewal));
        Assert.NotEqual(0, renewal.TakeBack);
    }

    [Fact]
    public void Taking_an_earlier_note_back_does_not_hide_a_later_one_that_is_on_its_way()
    {
        Lead();
        Grant(1, 3600);
        Assert.Single(Rests(Start + 5 * Minute));
        Assert.True(_deadlines.TryRenew(1, Start + 5 * Minute, out var first));
        Assert.Single(Rests(Start + 10 * Minute));
        _deadlines.OnTakenBack(1, first.TakeBack);
        Assert.True(_deadlines.TryRenew(1, Start + 11 * Minute, out var second));
        Assert.NotEqual(0, second.TakeBack);
    }

    [Fact]
    public void A_renewed_lease_whose_note_was_taken_back_has_its_full_time_under_the_next_leader()
    {
        Lead();
        Grant(1, 3600);
        foreach (var rest in Rests(Start + 50 * Minute)) _table.Checkpoint(rest.Lease, rest.RestMs);
        Assert.True(_deadlines.TryRenew(1, Start + 51 * Minute, out var renewal));
        Assert.NotEqual(0, renewal.TakeBack);
        _table.Checkpoint(1, 0);
        _deadlines.BeginReign(10, Start + 52 * Minute, 0, _table);
        Assert.False(_deadlines.WorkReign(100));
        Assert.Equal(0, _deadlines.AdvanceTo(Start + 111 * Minute, new LeaseExpireCommand[4]));
        Assert.Equal(1, _deadlines.AdvanceTo(Start + 112 * Minute, new LeaseExpireCommand[4]));
    }

    [Fact]
    public void A_call_is_bounded_and_the_rest_of_the_round_comes_with_the_next_ones()
    {
        for (var id = 1; id <= 1300; id++) _table.Grant(id, 3600 + id);
        Lead();
        var now = Start + 6 * Minute;
        Assert.Equal(100, _deadlines.TakeCheckpoints(now, _rests));
        var large = new LeaseRest[2000];
        Assert.Equal(500, _deadlines.TakeCheckpoints(now, large));
        Assert.True(_deadlines.NextDeadline <= now);
        Assert.Equal(500, _deadlines.TakeCheckpoints(now, large));
        Assert.Equal(200, _deadlines.TakeCheckpoints(now, large));
        Assert.Equal(0, _deadlines.TakeCheckpoints(now, large));
        Assert.Equal(now + 5 * Minute, _deadlines.NextDeadline);
    }

    [Fact]
    public void Notes_can_be_switched_off()
    {
        var deadlines = new LeaseDeadlines<NoStoreProbe>(new LeaseOptions { CheckpointTicks = 0 });
        deadlines.BeginReign(9, Start, 0, _table);
        deadlines.OnGranted(1, 3600, Start);
        Assert.Equal(Start + 3600 * Second, deadlines.NextDeadline);
        Assert.Equal(0, deadlines.TakeCheckpoints(Start + 50 * Minute, _rests));
    }

    private void Lead()
    {
        _deadlines.BeginReign(9, Start, 0, _table);
        Assert.False(_deadlines.WorkReign(10_000));
    }

    private void Grant(long id, long seconds)
    {
        _table.Grant(id, seconds);
        _deadlines.OnGranted(id, seconds, Start);
    }

    private List<LeaseRest> Rests(long now) => [.. _rests[.._deadlines.TakeCheckpoints(now, _rests)]];
}
