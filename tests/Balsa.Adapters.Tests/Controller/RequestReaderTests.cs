using System.Text;
using Balsa.Adapters.Controller;

namespace Balsa.Adapters.Tests.Controller;

public sealed class RequestReaderTests
{
    [Theory]
    [InlineData("CONVERT_FOLLOWER", RequestKind.ConvertToFollower)]
    [InlineData("FOLLOW", RequestKind.ConvertToFollower)]
    [InlineData("TIMEOUT", RequestKind.TimeOut)]
    [InlineData("TRYLEAD", RequestKind.TryLead)]
    [InlineData("RUNFOROFFICE", RequestKind.TryLead)]
    [InlineData("SHUTDOWN", RequestKind.ShutDown)]
    [InlineData("PLAYDEAD", RequestKind.PlayDead)]
    [InlineData("DIE", RequestKind.PlayDead)]
    [InlineData("START_NODE", RequestKind.Resume)]
    [InlineData("RESTART", RequestKind.Resume)]
    [InlineData("WAKEUP", RequestKind.Resume)]
    [InlineData("LEADER_INFO", RequestKind.LeaderInfo)]
    [InlineData("leader_info", RequestKind.LeaderInfo)]
    [InlineData("Leader Info", RequestKind.LeaderInfo)]
    [InlineData("STORE", RequestKind.Store)]
    [InlineData("RETRIEVE", RequestKind.Retrieve)]
    [InlineData("GETLOG", RequestKind.GetLog)]
    [InlineData("STATUS", RequestKind.Status)]
    [InlineData("LAGGING", RequestKind.Lagging)]
    [Row("S3-06")]
    public void Every_word_of_every_course_is_understood(string word, RequestKind kind) =>
        Assert.Equal(kind, Read($$"""{"sender_name":"Controller","request":"{{word}}","term":null,"key":null,"value":null}""").Kind);

    [Theory]
    [InlineData(5, RequestKind.Store)]
    [InlineData(6, RequestKind.Retrieve)]
    [InlineData(7, RequestKind.ConvertToFollower)]
    [InlineData(8, RequestKind.TimeOut)]
    [InlineData(9, RequestKind.ShutDown)]
    [InlineData(10, RequestKind.LeaderInfo)]
    [InlineData(11, RequestKind.Resume)]
    [Row("M0-16")]
    public void A_number_stands_for_the_word_of_that_number(int number, RequestKind kind)
    {
        var request = Read($$"""{"sender_name":1,"request":{{number}},"term":"null"}""");
        Assert.Equal(kind, request.Kind);
        Assert.Equal("1", request.Sender);
    }

    [Theory]
    [InlineData("\"VOTE_REQUEST\"")]
    [InlineData("2")]
    [InlineData("\"APPEND_RPC\"")]
    [InlineData("1")]
    [InlineData("\"HEARTBEAT\"")]
    [Row("S0-26")]
    public void Nobody_votes_or_appends_from_outside_whether_by_word_or_by_number(string request) =>
        Assert.Equal(Flaw.FromMember, FlawOf($$"""{"sender_name":"Node2","request":{{request}},"term":99}"""));

    [Theory]
    [InlineData("", Flaw.NotJson)]
    [InlineData("hello", Flaw.NotJson)]
    [InlineData("{\"request\":\"STORE\"", Flaw.NotJson)]
    [InlineData("{\"request\":\"STORE\"} {}", Flaw.NotJson)]
    [InlineData("[1,2]", Flaw.NotAnObject)]
    [InlineData("null", Flaw.NotAnObject)]
    [InlineData("{}", Flaw.NoRequest)]
    [InlineData("{\"request\":null}", Flaw.NoRequest)]
    [InlineData("{\"request\":[]}", Flaw.NoRequest)]
    [InlineData("{\"request\":1.5}", Flaw.NoRequest)]
    [InlineData("{\"request\":\"\\ud800\"}", Flaw.NoRequest)]
    [InlineData("{\"request\":99}", Flaw.UnknownRequest)]
    [InlineData("{\"request\":\"DANCE\"}", Flaw.UnknownRequest)]
    public void What_is_no_request_is_told_apart(string text, Flaw flaw) => Assert.Equal(flaw, FlawOf(text));

    [Theory]
    [InlineData("""{"sender_name":"Node1","request":"LEADER_INFO","term":null,"key":"LEADER","value":"Node5"}""")]
    [InlineData("""{"sender_name":"Node1","request":"LEADER_INFO","term":null,"key":"LEADER","value":null}""")]
    [InlineData("""{"sender_name":"Node5","request":"RETRIEVE","term":3,"key":"COMMITED_LOGS","value":[]}""")]
    [InlineData("""{"sender_name":"Node5","request":"STORE","term":3,"key":"K1","value":"V","success":true,"index":1}""")]
    [InlineData("""{"sender_name":"Node5","request":"STATUS","term":3,"key":"Node_Info","value":{}}""")]
    public void An_answer_is_no_request_or_two_nodes_would_answer_each_other_for_ever(string text) =>
        Assert.Equal(Flaw.IsAnswer, FlawOf(text));

    [Fact]
    [Row("S1-35")]
    public void Any_JSON_is_a_value_and_stays_as_it_was_written()
    {
        var request = Read("""{"request":"STORE","key":"ключ 🔑","value":{"a":[1.50,null,true,"é"],"b":{}},"extra":1}""");
        Assert.Equal("ключ 🔑", request.Key.GetString());
        Assert.Equal("""{"a":[1.50,null,true,"é"],"b":{}}""", request.Value.GetRawText());
    }

    [Fact]
    public void A_zero_at_the_end_and_a_mark_at_the_beginning_are_left_out()
    {
        byte[] text = [0xef, 0xbb, 0xbf, .. "{\"request\":\"STATUS\"}"u8, 0, 0];
        Assert.Equal(Flaw.None, RequestReader.Read(text, out var request));
        Assert.Equal(RequestKind.Status, request!.Kind);
    }

    [Fact]
    [Row("S1-33")]
    public void No_bytes_whatever_make_it_throw()
    {
        var random = new Random(5555);
        var good = Encoding.UTF8.GetBytes("""{"sender_name":"Controller","request":"STORE","term":null,"key":"K1","value":{"a":[1,2]}}""");
        var understood = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = round % 4 == 0 ? new byte[random.Next(200)] : (byte[])good.Clone();
            if (round % 4 == 0) random.NextBytes(bytes);
            else for (var i = random.Next(4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (round % 4 == 3) bytes = bytes[..random.Next(bytes.Length)];
            if (RequestReader.Read(bytes, out var request) == Flaw.None) understood += request is null ? throw new InvalidOperationException() : 1;
        }

        Assert.InRange(understood, 1000, 19_000);
        Assert.Equal(Flaw.NotJson, FlawOf(new string('[', 5000)));
    }

    private static ControllerRequest Read(string text)
    {
        Assert.Equal(Flaw.None, RequestReader.Read(Encoding.UTF8.GetBytes(text), out var request));
        return request!;
    }

    private static Flaw FlawOf(string text) => RequestReader.Read(Encoding.UTF8.GetBytes(text), out _);
}
