namespace Balsa.KeyValue.Tests.Watches;

/// <summary>With which revision a watch may begin, before, at and after what is compacted, and where nothing happened.</summary>
public sealed class WatchStartTests
{
    private readonly WatchDesk _desk = new();

    public static TheoryData<string, string> OneKeyAndRange => new() { { "a", "" }, { "a", "z" } };

    [Theory]
    [MemberData(nameof(OneKeyAndRange))]
    public void A_start_before_the_compacted_revision_is_created_and_then_cancelled(string key, string end)
    {
        Write(4);
        _desk.Settle();
        _desk.Compact(4);
        _desk.Watch(key, end, start: 3);
        _desk.Watch(key, end, start: -1);
        string[] expected = ["0 @0 canceled compacted 4", "0 @5 created", "1 @0 canceled compacted 4", "1 @5 created"];
        Assert.Equal(expected, _desk.Settle().Order(StringComparer.Ordinal));
        Assert.Equal(0, _desk.Stream.Watchers);
        Assert.Equal(0, _desk.Hub.Watchers);
    }

    [Theory]
    [MemberData(nameof(OneKeyAndRange))]
    public void A_start_before_the_compacted_revision_is_cancelled_though_older_events_are_kept_for_others(string key, string end)
    {
        _desk.Watch("b");
        _desk.Settle();
        Write(5);
        _desk.Compact(4);
        _desk.Watch(key, end, start: 3);
        Assert.Equal(["1 @6 created", "1 @0 canceled compacted 4"], _desk.Settle());
    }

    [Theory]
    [MemberData(nameof(OneKeyAndRange))]
    public void A_start_at_the_compacted_revision_is_fine(string key, string end)
    {
        Write(2);
        _desk.Write("-a");
        Write(1);
        _desk.Settle();
        _desk.Compact(4);
        _desk.Compact(4);
        _desk.Watch(key, end, start: 4);
        Assert.Equal(["0 @5 created", "0 @5 -a:4 a:5"], _desk.Settle());
    }

    [Theory]
    [MemberData(nameof(OneKeyAndRange))]
    public void A_negative_start_is_the_beginning_of_what_was_never_compacted(string key, string end)
    {
        Write(2);
        _desk.Settle();
        _desk.Watch(key, end, start: -1);
        _desk.Watch(key, end, start: long.MinValue);
        string[] expected = ["0 @3 a:2 a:3", "0 @3 created", "1 @3 a:2 a:3", "1 @3 created"];
        Assert.Equal(expected, _desk.Settle().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("a", "", 1)]
    [InlineData("a", "z", 1)]
    [InlineData("a", "", -1)]
    [InlineData("a", "z", -1)]
    public void A_start_where_nothing_happened_waits_for_what_comes(string key, string end, long start)
    {
        _desk.Watch(key, end, start);
        Assert.Equal(["0 @1 created"], _desk.Settle());
        Write(2);
        Assert.Equal(["0 @2 a:2", "0 @3 a:3"], _desk.Settle());
    }

    [Theory]
    [MemberData(nameof(OneKeyAndRange))]
    public void A_start_where_nothing_happened_gets_once_what_live_watchers_have_not_come_to(string key, string end)
    {
        Write(2);
        _desk.Watch(key, end, start: 1);
        var lines = _desk.Settle();
        Assert.Equal("0 @3 created", lines[0]);
        Assert.Equal(["a:2", "a:3"], lines[1..].SelectMany(line => line.Split(' ')[2..]));
    }

    [Fact]
    public void A_last_possible_start_waits_for_ever()
    {
        _desk.Watch("a", start: long.MaxValue);
        Write(2);
        Assert.Equal(["0 @1 created"], _desk.Settle());
    }

    [Fact]
    public void The_store_may_free_up_to_the_compacted_revision_as_soon_as_live_watchers_have_come_there()
    {
        _desk.Watch("a");
        Write(4);
        _desk.Compact(4);
        Assert.Equal(1, _desk.Hub.Floor.Revision);
        _desk.Settle();
        Assert.Equal(4, _desk.Hub.Floor.Revision);
    }

    private void Write(int revisions)
    {
        for (var i = 0; i < revisions; i++) _desk.Write("a");
    }
}
