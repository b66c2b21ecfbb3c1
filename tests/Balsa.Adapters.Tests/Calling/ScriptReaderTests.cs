using Balsa.Adapters.Calling.Scripts;

namespace Balsa.Adapters.Tests.Calling;

public sealed class ScriptReaderTests
{
    [Fact]
    public void Lines_become_steps_with_their_numbers()
    {
        var steps = ScriptReader.Read(
            ["# comment", "", "wait 500ms", "wait leader other 3s", "Node1 LEADER_INFO", "expect leader=$leader answers>=3 term!=0"]);
        Assert.Equal([3, 4, 5, 6], steps.Select(step => step.Line));
        Assert.Equal(TimeSpan.FromMilliseconds(500), Assert.IsType<PauseStep>(steps[0]).Time);
        Assert.True(Assert.IsType<LeaderStep>(steps[1]).IsOther);
        Assert.Equal("LEADER_INFO", Assert.IsType<AskStep>(steps[2]).Request.Request);
        Assert.Equal(["=", ">=", "!="], Assert.IsType<ExpectStep>(steps[3]).Expectations.Select(one => one.Sign));
    }

    [Theory]
    [InlineData("leader STORE K1 Value1", "\"K1\"", "\"Value1\"")]
    [InlineData("leader STORE K1 'two words'", "\"K1\"", "\"two words\"")]
    [InlineData("leader STORE K1 {\"a\": 1, \"b\": [2, 3]}", "\"K1\"", "{\"a\": 1, \"b\": [2, 3]}")]
    [InlineData("leader STORE 7 null", "7", "null")]
    [InlineData("leader STORE \"7\" \"say \\\"hi\\\"\"", "\"7\"", "\"say \\\"hi\\\"\"")]
    public void A_word_is_JSON_if_it_is_some_and_text_otherwise(string line, string key, string value)
    {
        var request = Assert.IsType<AskStep>(ScriptReader.ReadStep(1, line)).Request;
        Assert.Equal((key, value), (request.Key, request.Value));
        Assert.NotNull(request.Ticket);
    }

    [Theory]
    [InlineData("Node1")]
    [InlineData("Node1 DANCE")]
    [InlineData("Node1 STORE")]
    [InlineData("Node1 STORE a b c")]
    [InlineData("Node1 LEADER_INFO more")]
    [InlineData("wait")]
    [InlineData("wait soon")]
    [InlineData("expect")]
    [InlineData("expect nothing")]
    [InlineData("expect colour=red")]
    [InlineData("leader STORE K {\"a\":1")]
    public void What_cannot_be_understood_is_refused_with_its_line(string line)
    {
        var wrong = Assert.Throws<ScriptException>(() => ScriptReader.Read(["", line]));
        Assert.Equal(2, wrong.Line);
        Assert.NotEmpty(wrong.Why);
    }
}
