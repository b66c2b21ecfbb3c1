using Balsa.KeyValue.Watches;

namespace Balsa.KeyValue.Tests.Watches;

/// <summary>What one response holds: whole revisions, parts of them on request, filters and previous versions.</summary>
public sealed class WatchBatchTests
{
    private readonly WatchDesk _desk = new();

    [Fact]
    public void A_live_response_holds_one_revision_with_its_events_in_the_order_of_operations()
    {
        _desk.Watch("a", "z");
        _desk.Write("c", "-a", "b");
        _desk.Write("b", "c");
        Assert.Equal(["0 @1 created", "0 @2 c:2 -a:2 b:2", "0 @3 b:3 c:3"], _desk.Settle());
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "z")]
    public void A_response_of_the_past_holds_at_most_so_many_revisions(string key, string end)
    {
        for (var i = 0; i < 2500; i++) _desk.Write("a", "x");
        _desk.Settle();
        _desk.Watch(key, end, start: 2);
        var lines = _desk.Settle();
        int[] sizes = [.. lines[1..].Select(line => line.Split(' ').Skip(2).Select(one => one.Split(':')[1]).Distinct().Count())];
        Assert.Equal([1000, 1000, 500], sizes);
        Assert.All(lines, line => Assert.StartsWith("0 @2501", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_response_of_the_past_ends_with_the_revision_that_makes_it_large()
    {
        var desk = new WatchDesk(new WatchHubOptions { HistoricBytesMax = 8 });
        for (var i = 0; i < 6; i++) desk.Write("a", "b");
        desk.Settle();
        desk.Watch("a", "z", start: 2);
        Assert.Equal(["0 @7 created", "0 @7 a:2 b:2 a:3 b:3", "0 @7 a:4 b:4 a:5 b:5", "0 @7 a:6 b:6 a:7 b:7"], desk.Settle());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Large_events_come_in_parts_for_those_who_asked_for_it(long start)
    {
        _desk.Watch("a", "z", start, options: WatchOptions.Fragment);
        _desk.Watch("a", "z", start);
        _desk.Settle();
        WriteLarge(0.9, "a", "b", "c", "d", "e", "f");
        _desk.Sink.Room = 2;
        var lines = _desk.Settle();
        Assert.Contains("0 @2 a:2 b:2 ...", lines);
        Assert.Contains("0 @2 c:2 d:2 ...", lines);
        Assert.Contains("0 @2 e:2 f:2", lines);
        Assert.Equal(["1 @2 a:2 b:2 c:2 d:2 e:2 f:2"], lines.Where(line => line[0] == '1').Concat(_desk.Resume()));
    }

    [Fact]
    public void One_event_is_never_split_and_a_small_batch_is_not_either()
    {
        _desk.Watch("a", "z", options: WatchOptions.Fragment);
        _desk.Settle();
        WriteLarge(5, "a");
        WriteLarge(1.1, "a", "b");
        Assert.Equal(["0 @2 a:2", "0 @3 a:3 ...", "0 @3 b:3"], _desk.Settle()[..3]);
        _desk.Write("a", "b");
        Assert.Equal(["0 @4 a:4 b:4"], _desk.Settle());
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "z")]
    public void Filters_leave_out_puts_or_deletes_now_and_in_the_past(string key, string end)
    {
        _desk.Watch(key, end, options: WatchOptions.NoPut);
        _desk.Watch(key, end, options: WatchOptions.NoDelete);
        _desk.Watch(key, end, options: WatchOptions.NoPut | WatchOptions.NoDelete);
        _desk.Settle();
        _desk.Write("a", "-b");
        _desk.Write("-a");
        var more = end.Length > 0;
        string[] expected = [more ? "0 @2 -b:2" : "", "0 @3 -a:3", "1 @2 a:2"];
        Assert.Equal(expected.Where(line => line.Length > 0), _desk.Settle().Order(StringComparer.Ordinal));
        _desk.Watch(key, end, start: 2, options: WatchOptions.NoPut);
        Assert.Equal(more ? "3 @3 -b:2 -a:3" : "3 @3 -a:3", _desk.Settle()[1]);
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "z")]
    public void The_previous_version_comes_on_request_unless_there_was_none_or_it_is_gone(string key, string end)
    {
        _desk.Watch(key, end, options: WatchOptions.Previous);
        _desk.Settle();
        foreach (var change in new[] { "a", "a", "-a", "a" }) _desk.Write(change);
        Assert.Equal(["0 @2 a:2", "0 @3 a:3<2", "0 @4 -a:4<3", "0 @5 a:5"], _desk.Settle());
        _desk.Compact(3);
        _desk.Watch(key, end, start: 3, options: WatchOptions.Previous);
        _desk.Watch(key, end, start: 3);
        var lines = _desk.Settle();
        Assert.Contains("1 @5 a:3 -a:4<3 a:5", lines);
        Assert.Contains("2 @5 a:3 -a:4 a:5", lines);
    }

    private void WriteLarge(double megabytes, params string[] keys)
    {
        _desk.Log.WriteLarge((int)(megabytes * 1_000_000), keys);
        _desk.Hub.Advance(_desk.Log.Publish(_desk.Hub.Floor));
    }
}
