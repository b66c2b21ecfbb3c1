using System.Net;
using System.Text;
using Balsa.Adapters.Calling;
using Balsa.Adapters.Controller;
using Balsa.Node;

namespace Balsa.Adapters.Tests.Controller;

public sealed class ControllerPortTests(NodeWithController node) : IClassFixture<NodeWithController>
{
    [Fact]
    [Row("S0-04", "M0-08", "M1-21")]
    public async Task Hostile_datagrams_are_counted_and_the_next_request_is_answered()
    {
        var before = (node.Counters.NotJson, node.Counters.Unknown, node.Counters.FromMembers, node.Counters.Answers);
        node.SendRaw("garbage"u8);
        node.SendRaw("{\"request\":\"STO"u8);
        node.SendRaw("[1,2,3]"u8);
        node.SendRaw(Encoding.UTF8.GetBytes($"{{\"request\":\"{new string('x', 60_000)}\"}}"));
        node.SendRaw(new byte[60_000]);
        node.SendRaw([]);
        node.SendRaw("{\"request\":\"DANCE\"}"u8);
        node.SendRaw("{\"request\":\"VOTE_REQUEST\",\"term\":1000}"u8);
        node.SendRaw("{\"request\":\"LEADER_INFO\",\"key\":\"LEADER\",\"value\":\"Node9\"}"u8);
        Assert.Equal("Node1", (await node.AskAsync(new CallerRequest("LEADER_INFO"))).Leader);
        Assert.Equal(before.NotJson + 5, node.Counters.NotJson);
        Assert.Equal(before.Unknown + 2, node.Counters.Unknown);
        Assert.Equal(before.FromMembers + 1, node.Counters.FromMembers);
        Assert.Equal(before.Answers + 1, node.Counters.Answers);
    }

    [Fact]
    [Row("S1-35", "S1-18")]
    public async Task Any_JSON_that_is_stored_is_retrieved_unchanged()
    {
        string[] values = ["\"text\"", "1.50", "{\"a\":[1,2,{\"b\":null}]}", "null", "true", "\"é🔑 \\\"quoted\\\"\"", "[]"];
        var first = (await node.StoreAsync("\"begin\"", "0")).Index!.Value;
        foreach (var (i, value) in values.Index()) Assert.Equal(first + 1 + i, (await node.StoreAsync($"\"any {i}\"", value)).Index);
        var replies = await node.Caller.AskAsync(node.Address, new CallerRequest("RETRIEVE") { From = first + 1 }, TimeSpan.FromSeconds(20));
        Assert.Equal(values, replies.SelectMany(reply => reply.Entries).Select(entry => entry.Value.GetRawText()));
    }

    [Fact]
    [Row("S1-21")]
    public async Task Five_hundred_entries_come_back_once_and_in_order()
    {
        var first = (await node.StoreAsync("\"begin\"", "0")).Index!.Value;
        for (var i = 0; i < 500; i++) Assert.True((await node.StoreAsync($"\"K{i}\"", $"{i}")).Success);
        var replies = await node.Caller.AskAsync(node.Address, new CallerRequest("RETRIEVE") { From = first + 1 }, TimeSpan.FromSeconds(20));
        Assert.All(replies, reply => Assert.InRange(Encoding.UTF8.GetByteCount(reply.Raw), 1, 1024));
        var found = replies.OrderBy(reply => reply.Part).SelectMany(reply => reply.Entries).Select(entry => entry.Key.GetString());
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"K{i}"), found);
    }

    [Fact]
    [Row("M3-08")]
    public async Task A_request_with_a_ticket_is_stored_once_however_often_it_comes()
    {
        var first = await node.StoreAsync("\"once\"", "1", "ticket 7");
        await node.StoreAsync("\"between\"", "2");
        var again = await node.StoreAsync("\"once\"", "1", "ticket 7");
        Assert.True(again.Success);
        Assert.Equal(first.Index, again.Index);
        var all = await node.Caller.AskAsync(node.Address, new CallerRequest("RETRIEVE"), TimeSpan.FromSeconds(20));
        Assert.Single(all.SelectMany(reply => reply.Entries), entry => entry.Key.GetRawText() == "\"once\"");
    }

    [Fact]
    public async Task Stores_that_come_all_at_once_each_get_a_position_of_their_own_in_their_order()
    {
        var first = (await node.StoreAsync("\"begin\"", "0")).Index!.Value;
        for (var i = 0; i < 100; i++) node.Caller.Send(node.Address, new CallerRequest("STORE") { Key = $"{i}", Value = $"{i}" });
        var positions = new Dictionary<string, long>();
        while (positions.Count < 100)
        {
            var reply = await node.Caller.Heard.ReadAsync(TestContext.Current.CancellationToken);
            if (reply.Request == "STORE" && reply.Success == true) positions[reply.Key.GetRawText()] = reply.Index!.Value;
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => first + 1 + i), Enumerable.Range(0, 100).Select(i => positions[$"{i}"]));
    }

    [Theory]
    [InlineData("null", "null", "neither")]
    [InlineData("\"\"", "1", "empty")]
    [InlineData("\"_balsa/stored/1\"", "1", "not for clients")]
    public async Task What_cannot_be_stored_is_refused_with_the_reason(string key, string value, string reason)
    {
        var refused = await node.StoreAsync(key, value);
        Assert.False(refused.Success);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Row("S1-11")]
    public async Task A_ping_comes_back_with_its_counter() =>
        Assert.Equal(4, (await node.AskAsync(new CallerRequest("PING") { Counter = 4 })).Counter);

    [Fact]
    [Row("M3-09")]
    public async Task Nobody_repairs_a_log_from_outside()
    {
        var before = (await node.StoreAsync("\"mine\"", "1")).Index;
        var refused = await node.AskAsync(new CallerRequest("CATCHUP") { Key = "\"Logs\"", Value = "[]", WantsAck = true });
        Assert.False(refused.Success);
        Assert.Equal(before + 1, (await node.StoreAsync("\"mine\"", "2")).Index);
    }

    [Fact]
    [Row("M3-14")]
    public async Task Who_plays_dead_serves_nobody_and_comes_back()
    {
        Assert.True((await node.AskAsync(new CallerRequest("PLAYDEAD") { WantsAck = true })).Success);
        var dead = await node.AskAsync(new CallerRequest("STATUS"));
        Assert.Equal("d", dead.Value.GetProperty("state").GetString());
        Assert.Null((await node.StoreAsync("\"dead\"", "1")).Leader);
        foreach (var word in (string[])["FOLLOW", "PLAYDEAD", "WAKEUP"]) await node.AskAsync(new CallerRequest(word) { WantsAck = true });
        while ((await node.AskAsync(new CallerRequest("LEADER_INFO"))).Leader is null) await Task.Yield();
        Assert.True((await node.StoreAsync("\"alive\"", "1")).Success);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error_with_a_way_out()
    {
        var problem = Assert.Throws<NodeStartException>(() => CourseAdapters.Open(new ControllerOptions { Listen = node.Address }));
        Assert.Contains($"{node.Address}", problem.What, StringComparison.Ordinal);
        Assert.Contains("--controller", problem.Next, StringComparison.Ordinal);
    }
}
