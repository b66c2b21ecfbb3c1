using Balsa.KeyValue.Probes;
using Balsa.KeyValue.Sessions;
using Balsa.KeyValue.Store;
using static Balsa.KeyValue.Tests.Sessions.SessionTables;

namespace Balsa.KeyValue.Tests.Sessions;

/// <summary>Sessions end by log time, at the same entry on every member.</summary>
public sealed class SessionExpiryTests
{
    private readonly SessionTable<NoStoreProbe> _table = new(new StoreOptions());

    [Fact]
    public void A_session_lives_for_its_seconds_after_its_last_sign_of_life_and_not_longer()
    {
        _table.Open(1, 5 * Second, 10);
        Assert.Equal("run", _table.Ask(1, 1, 15 * Second));
        Assert.Equal("run", _table.Ask(1, 1, 25 * Second));
        Assert.Equal("SessionUnknown", _table.Ask(1, 1, 35 * Second + 1));
    }

    [Fact]
    public void An_expired_session_that_was_not_dropped_yet_is_unknown()
    {
        _table.Open(1, 0, 10);
        _table.Do(1, 1);
        Assert.True(_table.Contains(1));
        Assert.Equal("SessionUnknown", _table.Ask(1, 1, 10 * Second + 1));
        Assert.Equal("SessionUnknown", _table.Ask(1, 0, 10 * Second + 1));
        Assert.Equal("SessionUnknown", _table.Ask(1, 1, 10 * Second + 1));
    }

    [Fact]
    public void Every_request_is_a_sign_of_life_and_so_is_one_without_id()
    {
        _table.Open(1, 0, 10);
        Assert.Equal("run", _table.Do(1, 1, now: 8 * Second));
        Assert.Equal(Kept(1), _table.Do(1, 1, now: 16 * Second));
        Assert.Equal("run", _table.Do(1, 0, now: 24 * Second));
        Assert.Equal("run", _table.Do(1, 2, now: 34 * Second));
    }

    [Fact]
    public void Expired_sessions_are_dropped_with_their_answers()
    {
        _table.Open(1, 0, 10);
        _table.Open(2, 0, 20);
        _table.Do(1, 1, 100);
        _table.Do(2, 1, 10);
        _table.Expire(10 * Second, 100);
        Assert.Equal(2, _table.Count);
        _table.Expire(10 * Second + 1, 100);
        Assert.Equal((1, 10L), (_table.Count, _table.AnswerBytes));
        Assert.True(_table.Contains(2));
    }

    [Fact]
    public void A_call_drops_a_bounded_number_and_the_longest_overdue_first()
    {
        _table.Open(1, 0, 30);
        _table.Open(2, 0, 10);
        _table.Open(3, 0, 20);
        _table.Open(4, 0, 10);
        _table.Expire(100 * Second, 0);
        Assert.Equal(4, _table.Count);
        _table.Expire(100 * Second, 1);
        Assert.Equal([1, 3, 4], Left());
        _table.Expire(100 * Second, 2);
        Assert.Equal([1], Left());
        _table.Expire(100 * Second, 2);
        Assert.Empty(Left());
        _table.Expire(100 * Second, 2);
    }

    [Fact]
    public void A_long_lived_session_does_not_keep_a_short_lived_one_from_being_dropped()
    {
        _table.Open(1, 0, 86_400);
        _table.Open(2, Second, 1);
        _table.Expire(3 * Second, 1);
        Assert.Equal([1], Left());
    }

    [Fact]
    public void Time_that_stands_still_or_goes_back_ends_nothing()
    {
        _table.Open(1, 50 * Second, 10);
        Assert.Equal("run", _table.Ask(1, 1, 40 * Second));
        _table.Expire(60 * Second, 10);
        Assert.Equal("run", _table.Ask(1, 1, 60 * Second));
    }

    private List<ulong> Left() => [.. new ulong[] { 1, 2, 3, 4 }.Where(_table.Contains)];
}
