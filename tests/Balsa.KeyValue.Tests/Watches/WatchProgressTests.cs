using System.Runtime.CompilerServices;
using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

public sealed class WatchProgressTests
{
    private const long Interval = 100;

    private readonly WatchDesk _desk = new(new WatchHubOptions { ProgressIntervalTicks = Interval });

    [Fact]
    public void A_request_for_progress_is_answered_after_all_events_up_to_its_revision()
    {
        _desk.Watch("a");
        _desk.Settle();
        _desk.Write("a");
        _desk.Hub.RequestProgress(_desk.Stream);
        Assert.Equal(["0 @2 a:2", "-1 @2"], _desk.Settle());
        Assert.Empty(_desk.Settle());
    }

    [Fact]
    public void A_request_for_progress_waits_for_watchers_that_lag()
    {
        _desk.Watch("a");
        _desk.Settle();
        _desk.Sink.Room = 0;
        _desk.Write("a");
        _desk.Settle();
        _desk.Hub.RequestProgress(_desk.Stream);
        _desk.Write("a");
        Assert.Empty(_desk.Settle());
        Assert.Equal(["0 @3 a:2 a:3"], _desk.Resume(room: 1));
        Assert.Equal(["-1 @3"], _desk.Resume());
    }

    [Fact]
    public void A_request_for_progress_waits_until_every_start_is_reached()
    {
        _desk.Watch("a");
        _desk.Watch("b", start: 4);
        _desk.Settle();
        _desk.Hub.RequestProgress(_desk.Stream);
        _desk.Write("c");
        _desk.Write("c");
        Assert.Empty(_desk.Settle());
        _desk.Write("c");
        Assert.Equal(["-1 @4"], _desk.Settle());
    }

    [Fact]
    public void A_start_that_is_cancelled_holds_progress_back_no_more()
    {
        _desk.Watch("a");
        _desk.Watch("b", start: 400);
        _desk.Hub.RequestProgress(_desk.Stream);
        Assert.Equal(2, _desk.Settle().Length);
        _desk.Hub.Cancel(_desk.Stream, 1);
        Assert.Equal(["1 @1 canceled", "-1 @1"], _desk.Settle());
    }

    [Fact]
    public void Requests_for_progress_that_wait_together_get_an_answer_for_the_newest()
    {
        _desk.Watch("a");
        _desk.Settle();
        _desk.Hub.RequestProgress(_desk.Stream);
        _desk.Write("b");
        _desk.Hub.RequestProgress(_desk.Stream);
        Assert.Equal("-1 @2", _desk.Settle()[^1]);
    }

    [Fact]
    public void Without_watchers_nobody_answers_a_request_for_progress()
    {
        _desk.Hub.RequestProgress(_desk.Stream);
        Assert.Empty(_desk.Settle());
        _desk.Watch("a");
        Assert.Equal(["0 @1 created"], _desk.Settle());
    }

    [Fact]
    public void An_idle_watcher_is_told_from_time_to_time_how_far_it_is()
    {
        _desk.Watch("a", options: WatchOptions.ProgressNotify);
        _desk.Watch("a");
        _desk.Write("b");
        _desk.Settle();
        Assert.Empty(After(Interval - 1));
        Assert.Equal(["0 @2"], After(Interval));
        Assert.Empty(After(Interval + 1));
        Assert.Equal(["0 @2"], After(2 * Interval));
    }

    [Fact]
    public void A_watcher_that_got_events_in_the_interval_is_not_told()
    {
        _desk.Watch("a", options: WatchOptions.ProgressNotify);
        _desk.Write("a");
        _desk.Settle();
        Assert.Empty(After(Interval));
        Assert.Equal(["0 @2"], After(2 * Interval));
    }

    [Fact]
    public void A_watcher_that_lags_or_waits_for_its_start_is_not_told()
    {
        _desk.Watch("a", start: 9, options: WatchOptions.ProgressNotify);
        _desk.Watch("b", options: WatchOptions.ProgressNotify);
        _desk.Settle();
        _desk.Sink.Room = 0;
        _desk.Write("b");
        Assert.Empty(After(Interval));
        Assert.Equal(["1 @2 b:2"], _desk.Resume());
        Assert.Empty(After(2 * Interval));
        Assert.Equal(["1 @2"], After(3 * Interval));
    }

    [Fact]
    public void Progress_is_told_also_while_there_is_always_more_to_deliver_than_time()
    {
        for (var i = 0; i < 1501; i++) _desk.Watch("a");
        _desk.Settle();
        for (var i = 0; i < 20; i++) _desk.Write("a");
        _desk.Hub.Work(2000);
        _desk.Hub.RequestProgress(_desk.Stream);
        for (var i = 0; i < 100; i++)
        {
            _desk.Write("a");
            _desk.Hub.Work(1000);
        }

        Assert.Contains(_desk.Sink.Take(), line => line.StartsWith("-1 @", StringComparison.Ordinal));
        Assert.True(_desk.Hub.Delivered < _desk.Hub.Published, "the hub was fast enough, which proves nothing");
    }

    [Fact]
    public void Nothing_is_kept_of_a_closed_stream_though_its_time_to_be_notified_has_not_come()
    {
        var sink = Abandoned();
        _desk.Settle();
        GC.Collect();
        Assert.False(sink.TryGetTarget(out _));
        Assert.Empty(After(2 * Interval));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference<RecordingSink> Abandoned()
    {
        var sink = new RecordingSink();
        var stream = _desk.Hub.Open(sink);
        _desk.Hub.Create(stream, new WatchRequest { Key = "a"u8, Options = WatchOptions.ProgressNotify });
        _desk.Hub.RequestProgress(stream);
        _desk.Hub.Close(stream);
        return new WeakReference<RecordingSink>(sink);
    }

    private string[] After(long now)
    {
        _desk.Hub.AdvanceTime(now);
        return _desk.Settle();
    }
}
