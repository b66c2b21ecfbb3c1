using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>What the protocol promises about watches, line by line.</summary>
public sealed class WatchLinesTests
{
    private readonly WatchDesk _desk = new();

    [Fact]
    public void A_new_watcher_sees_what_comes_after_it()
    {
        _desk.Write("a");
        Assert.Equal(0, _desk.Watch("a"));
        _desk.Write("a", "b");
        _desk.Write("-a");
        Assert.Equal(["0 @2 created", "0 @3 a:3", "0 @4 -a:4"], _desk.Settle());
    }

    [Fact]
    public void An_empty_key_is_the_lowest_one_and_with_a_zero_end_all()
    {
        _desk.Watch("");
        _desk.Watch("", "\0");
        _desk.Write("\0");
        _desk.Write("b");
        Assert.Equal(["0 @1 created", "0 @2 \0:2", "1 @1 created", "1 @2 \0:2", "1 @3 b:3"], _desk.Settle().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_range_has_its_first_key_and_not_its_end()
    {
        _desk.Watch("b", "d");
        _desk.Write("a", "b", "c", "cz", "d", "e");
        Assert.Equal(["0 @1 created", "0 @2 b:2 c:2 cz:2"], _desk.Settle());
    }

    [Fact]
    public void A_range_without_keys_is_refused()
    {
        Assert.Equal(-1, _desk.Watch("b", "b"));
        Assert.Equal(-1, _desk.Watch("b", "a"));
        Assert.Equal(2, _desk.Sink.Take().Count(line => line == "-1 @1 created canceled (mvcc: watcher range is empty)"));
        Assert.Equal(0, _desk.Stream.Watchers);
    }

    [Fact]
    public void Ids_are_given_from_zero_up_and_explicit_ones_are_kept()
    {
        Assert.Equal(1, _desk.Watch("a", id: 1));
        Assert.Equal(-7, _desk.Watch("a", id: -7));
        Assert.Equal(0, _desk.Watch("a"));
        Assert.Equal(2, _desk.Watch("a"));
        _desk.Sink.Take();
        Assert.Equal(-1, _desk.Watch("a", id: -7));
        Assert.Equal(["-1 @1 created canceled (mvcc: duplicate watch ID provided on the WatchStream)"], _desk.Sink.Take());
        _desk.Hub.Cancel(_desk.Stream, -7);
        Assert.Equal(-7, _desk.Watch("a", id: -7));
    }

    [Fact]
    public void Ids_belong_to_their_stream()
    {
        var other = _desk.Hub.Open(new RecordingSink());
        Assert.Equal(0, _desk.Watch("a"));
        Assert.Equal(0, _desk.Hub.Create(other, new WatchRequest { Key = "a"u8 }));
    }

    [Fact]
    public void Answers_come_in_the_order_of_requests_and_before_events_however_little_room_there_is()
    {
        _desk.Write("a");
        _desk.Sink.Room = 0;
        _desk.Watch("a", start: 2);
        _desk.Watch("b", "a");
        _desk.Watch("a", start: 2);
        _desk.Hub.Cancel(_desk.Stream, 0);
        Assert.Empty(_desk.Settle());
        Assert.Equal(4, _desk.Stream.AnswersWaiting);
        string[] expected =
        [
            "0 @2 created", "-1 @2 created canceled (mvcc: watcher range is empty)", "1 @2 created", "0 @2 canceled", "1 @2 a:2",
        ];
        foreach (var line in expected) Assert.Equal([line], _desk.Resume(room: 1));
        Assert.Empty(_desk.Resume());
    }

    [Fact]
    public void A_future_start_waits_for_its_revision()
    {
        _desk.Watch("a", start: 4);
        for (var i = 0; i < 4; i++) _desk.Write("a");
        Assert.Equal(["0 @1 created", "0 @4 a:4", "0 @5 a:5"], _desk.Settle());
    }

    [Fact]
    public void A_start_in_the_past_gets_the_past_with_the_current_revision_in_the_header()
    {
        for (var i = 0; i < 4; i++) _desk.Write(i % 2 == 0 ? "a" : "b");
        _desk.Settle();
        _desk.Watch("a", start: 2);
        _desk.Watch("a", "c", start: 3);
        var lines = _desk.Settle();
        Assert.Equal(["0 @5 created", "1 @5 created"], lines[..2]);
        Assert.Equal(["0 @5 a:2 a:4", "1 @5 b:3 a:4 b:5"], lines[2..].Order(StringComparer.Ordinal));
        _desk.Write("a");
        Assert.Equal(["0 @6 a:6", "1 @6 a:6"], _desk.Settle().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_compaction_does_not_disturb_live_watchers_that_have_not_been_served_yet()
    {
        _desk.Watch("a", "z");
        _desk.Watch("a");
        for (var i = 0; i < 3; i++) _desk.Write("a", "-b");
        _desk.Compact(4);
        _desk.Write("a");
        var lines = _desk.Settle();
        Assert.Equal(["0 @2 a:2 -b:2", "0 @3 a:3 -b:3", "0 @4 a:4 -b:4", "0 @5 a:5"], lines.Where(line => line[0] == '0').Skip(1));
        Assert.Equal(["1 @2 a:2", "1 @3 a:3", "1 @4 a:4", "1 @5 a:5"], lines.Where(line => line[0] == '1').Skip(1));
    }

    [Fact]
    public void A_watcher_that_lags_is_cancelled_when_what_it_needs_is_compacted()
    {
        _desk.Watch("a");
        _desk.Write("a");
        _desk.Sink.Room = 0;
        _desk.Settle();
        _desk.Write("a");
        _desk.Write("a");
        _desk.Compact(3);
        Assert.Empty(_desk.Settle());
        Assert.Equal(["0 @0 canceled compacted 3"], _desk.Resume());
    }

    [Fact]
    public void A_watcher_that_lags_goes_on_when_just_what_it_has_is_compacted()
    {
        _desk.Watch("a");
        _desk.Write("a");
        _desk.Sink.Room = 0;
        _desk.Settle();
        _desk.Write("-a");
        _desk.Compact(2);
        Assert.Equal(["0 @3 a:2 -a:3"], _desk.Resume());
    }

    [Fact]
    public void A_slow_stream_loses_nothing_and_disturbs_no_other()
    {
        var sink = new RecordingSink();
        var other = _desk.Hub.Open(sink);
        _desk.Hub.Create(other, new WatchRequest { Key = "a"u8 });
        _desk.Watch("a");
        _desk.Settle();
        sink.Take();
        _desk.Sink.Room = 0;
        for (var i = 0; i < 3; i++) _desk.Write("a");
        Assert.Empty(_desk.Settle());
        Assert.Equal(["0 @2 a:2", "0 @3 a:3", "0 @4 a:4"], sink.Take());
        Assert.Equal(1, _desk.Sink.Refused);
        Assert.Equal(["0 @4 a:2 a:3 a:4"], _desk.Resume());
        _desk.Write("a");
        Assert.Equal(["0 @5 a:5"], _desk.Settle());
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "z")]
    public void With_little_room_the_one_that_lags_most_is_served_first(string key, string end)
    {
        const int Watchers = 100;
        for (var i = 0; i < Watchers; i++) _desk.Watch(key, end);
        _desk.Settle();
        _desk.Sink.Room = 0;
        var served = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Watchers; i++)
        {
            _desk.Write("a");
            _desk.Settle();
            served.Add(Assert.Single(_desk.Resume(room: 1)).Split(' ')[0]);
        }

        Assert.Equal(Watchers, served.Count);
    }

    [Fact]
    public void A_cancel_is_answered_without_reason_and_no_event_follows()
    {
        _desk.Watch("a");
        _desk.Settle();
        _desk.Write("a");
        _desk.Hub.Cancel(_desk.Stream, 0);
        _desk.Write("a");
        Assert.Equal(["0 @2 canceled"], _desk.Settle());
    }

    [Fact]
    public void An_unknown_id_is_not_answered()
    {
        _desk.Hub.Cancel(_desk.Stream, 5);
        Assert.Empty(_desk.Settle());
    }

    [Fact]
    public void A_closed_stream_gets_nothing_more()
    {
        _desk.Watch("a");
        _desk.Watch("a", "z");
        _desk.Settle();
        _desk.Write("a");
        _desk.Hub.Close(_desk.Stream);
        Assert.Empty(_desk.Settle());
        Assert.Equal(0, _desk.Hub.Watchers);
    }

    [Fact]
    public void Answers_that_wait_for_room_when_their_stream_is_closed_are_never_sent()
    {
        _desk.Sink.Room = 0;
        _desk.Watch("a");
        Assert.Equal(1, _desk.Stream.AnswersWaiting);
        _desk.Hub.Close(_desk.Stream);
        Assert.Empty(_desk.Resume());
        Assert.Equal(0, _desk.Stream.AnswersWaiting);
    }
}
