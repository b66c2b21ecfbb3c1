using System.Text;
using System.Text.Json;
using Balsa.Adapters.Controller;
using Balsa.Adapters.Multicast;
using Balsa.Adapters.Nodes;

namespace Balsa.Adapters.Tests.Controller;

public sealed class FormTests
{
    private static readonly DialectOptions Golden = new() { EntryKeys = EntryKeys.Lower, DummyEntry = true };

    private static Reply Leader => new("LEADER_INFO") { Key = "\"LEADER\"", Value = "\"Node5\"" };

    [Fact]
    [Row("S0-20")]
    public void The_leader_is_told_in_five_fields() => Assert.Equal(
        ["""{"sender_name":"Node1","request":"LEADER_INFO","term":null,"key":"LEADER","value":"Node5"}"""], Write(Leader));

    [Fact]
    [Row("S1-20")]
    public void An_entry_has_exactly_term_key_and_value() => Assert.Equal(
        [
            """{"sender_name":"Node1","request":"RETRIEVE","term":3,"key":"COMMITED_LOGS","value":["""
            + """{"Term":1,"Key":"K1","Value":"Value1"},{"Term":3,"Key":"K2","Value":{"a":1}}]}""",
        ],
        Write(Retrieved(new StoredEntry(1, 1, "\"K1\"", "\"Value1\""), new StoredEntry(2, 3, "\"K2\"", """{"a":1}""")) with { Term = 3 }));

    [Fact]
    [Row("S3-26")]
    public void An_empty_list_is_an_empty_list() => Assert.EndsWith("\"value\":[]}", Assert.Single(Write(Retrieved())));

    [Fact]
    [Row("S3-25", "M3-10", "M3-06")]
    public void In_the_group_every_message_has_all_twelve_fields_and_nothing_of_an_earlier_one()
    {
        var form = new MulticastForm("Node1", Golden);
        form.Write(Retrieved(new StoredEntry(1, 1, "\"K\"", "1")) with { Term = 9, Success = false });
        Assert.Equal(
            """{"sender_name":"Node1","request":"LEADER_INFO","term":null,"key":"LEADER","value":"Node5","recipient":"Controller","""
            + """ "prev_log_term":null,"prev_log_index":null,"commit_index":null,"success":"true","entry":null,"votes":0}""".TrimStart(),
            Text(Assert.Single(form.Write(Leader))));
        var retrieved = Retrieved(new StoredEntry(1, 1, "\"Cycle1\"", "\"Chicken\"")) with { Term = 1 };
        Assert.Equal(
            """{"sender_name":"Node5","request":"RETRIEVE","term":1,"key":"COMMITED_LOGS","value":[{"term":0,"key":null,"value":null},"""
            + """{"term":1,"key":"Cycle1","value":"Chicken"}],"recipient":"Controller","prev_log_term":1,"prev_log_index":0,"""
            + """ "commit_index":2,"success":null,"entry":null,"votes":0}""".TrimStart(),
            Text(Assert.Single(new MulticastForm("Node5", Golden).Write(retrieved))));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(512)]
    [Row("M0-09", "M3-18")]
    public void A_long_list_comes_in_datagrams_that_fit_whole_and_in_order(int bytesMax)
    {
        var entries = Enumerable.Range(1, 500).Select(i => new StoredEntry(i, 7, $"\"K{i}\"", $"\"{new string('é', i % 90)}\"")).ToArray();
        var datagrams = new UnicastForm("Node1", new DialectOptions { DatagramBytesMax = bytesMax }).Write(Retrieved(entries));
        Assert.All(datagrams, datagram => Assert.InRange(datagram.Length, 1, bytesMax));
        var parts = datagrams.Select(datagram => JsonDocument.Parse(datagram).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, parts.Count), parts.Select(part => part.GetProperty("part").GetInt32()));
        Assert.All(parts, part => Assert.Equal(parts.Count, part.GetProperty("parts").GetInt32()));
        var keys = parts.SelectMany(part => part.GetProperty("value").EnumerateArray()).Select(entry => entry.GetProperty("Key").GetString());
        Assert.Equal(entries.Select((_, i) => $"K{i + 1}"), keys);
    }

    [Fact]
    public void An_entry_that_fits_into_no_datagram_says_how_large_it_is()
    {
        var large = new StoredEntry(1, 1, "\"K\"", $"\"{new string('x', 3000)}\"");
        var datagram = Assert.Single(Write(Retrieved(large)));
        var entry = JsonDocument.Parse(datagram).RootElement.GetProperty("value")[0];
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("Value").ValueKind);
        Assert.True(entry.GetProperty("Truncated").GetBoolean());
        Assert.Equal(3002, entry.GetProperty("Size").GetInt32());
        var both = Assert.Single(Write(Retrieved(large with { Key = large.Value })));
        Assert.InRange(Encoding.UTF8.GetByteCount(both), 1, 1024);
    }

    [Fact]
    public void An_answer_that_repeats_a_large_value_leaves_it_out()
    {
        var stored = new Reply("STORE") { Key = "\"K\"", Value = $"\"{new string('x', 5000)}\"", Success = true, Index = 4, Term = 1 };
        Assert.Equal(
            """{"sender_name":"Node1","request":"STORE","term":1,"key":"K","value":null,"success":true,"index":4,"truncated":true,"size":5002}""",
            Assert.Single(Write(stored)));
    }

    private static Reply Retrieved(params StoredEntry[] entries) =>
        new("RETRIEVE") { Key = "\"COMMITED_LOGS\"", Entries = new StoredPage(entries, entries.Length) };

    private static IEnumerable<string> Write(Reply reply) => new UnicastForm("Node1", new DialectOptions()).Write(reply).Select(Text);

    private static string Text(byte[] datagram) => Encoding.UTF8.GetString(datagram);
}
