using System.Net;
using System.Text;
using Balsa.Adapters.Calling;

namespace Balsa.Adapters.Tests.Calling;

public sealed class ControllerReplyTests
{
    [Theory]
    [InlineData("""{"sender_name":"Node1","request":"LEADER_INFO","term":null,"key":"LEADER","value":"Node5"}""", "Node5")]
    [InlineData("""{"LEADER":"Node5"}""", "Node5")]
    [InlineData("""{"LEADER":5}""", "5")]
    [InlineData("""{"sender_name":"Node1","request":"LEADER_INFO","key":"LEADER","value":null}""", null)]
    public void The_leader_is_found_however_a_node_says_it(string text, string? leader)
    {
        Assert.Equal(leader, Read(text).Leader);
        Assert.Equal("LEADER_INFO", Read(text).Request);
    }

    [Theory]
    [InlineData("""{"request":"RETRIEVE","key":"COMMITED_LOGS","value":[{"Term":1,"Key":"K","Value":"V"}]}""")]
    [InlineData("""{"request":"RETRIEVE","key":"COMMITTED_LOGS","value":[{"term":1,"key":"K","value":"V"}]}""")]
    [InlineData("""{"request":"RETRIEVE","key":"COMMITED_LOGS","value":[{"term":1,"Key":"K","Value":"V"}]}""")]
    [InlineData("""{"request":"RETRIEVE","key":"COMMITED_LOGS","value":[[1,1,"K","V"]]}""")]
    public void Entries_are_read_however_they_are_spelt(string text)
    {
        var entry = Assert.Single(Read(text).Entries);
        Assert.Equal((1L, "K", "V"), (entry.Term, entry.Key.GetString(), entry.Value.GetString()));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("\"False\"", false)]
    [InlineData("null", null)]
    public void Success_is_a_truth_or_the_word_for_it(string json, bool? success) =>
        Assert.Equal(success, Read($$"""{"request":"STORE","success":{{json}}}""").Success);

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("{\"request\":{},\"value\":[7,null,{}]}")]
    public void Nonsense_is_an_answer_without_a_request(string text) => Assert.Equal("", Read(text).Request);

    private static ControllerReply Read(string text) =>
        ControllerReply.Read(Encoding.UTF8.GetBytes(text), new IPEndPoint(IPAddress.Loopback, 5555), DateTimeOffset.UnixEpoch);
}
