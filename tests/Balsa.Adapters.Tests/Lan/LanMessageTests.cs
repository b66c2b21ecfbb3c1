using System.Text;
using Balsa.Adapters.Lan;

namespace Balsa.Adapters.Tests.Lan;

/// <summary>Datagrams of the LAN, letter by letter, in the words of both courses.</summary>
public sealed class LanMessageTests
{
    [Theory]
    [InlineData("""{"source":"0000","destination":"unkown","leader":"unkown","req_category":"Hello World"}""")]
    [InlineData("""{"source":"001e","destination":"0001","leader":"unkown","req_category":"get","Message ID":"k3v9a0","key":"gg113a"}""")]
    [InlineData("""{"source":"001e","destination":"0001","leader":"0001","req_category":"put","Message ID":"8p","key":"g","value":"a"}""")]
    [InlineData("""{"source":"0003","destination":"0022","leader":"0001","req_category":"forward2leader","Message ID":"huwh"}""")]
    [InlineData("""{"src":"001E","dst":"0001","leader":"FFFF","type":"get","MID":"k3v9","key":"gg"}""")]
    [InlineData("""{"src":"0001","dst":"001E","leader":"0001","type":"ok","MID":"k3v9","value":"v"}""")]
    [Row("S4-09", "S4-11", "S4-12")]
    public void What_is_read_is_written_back_as_it_was(string text)
    {
        var read = LanMessage.Read(Encoding.UTF8.GetBytes(text), out var flaw);
        Assert.Null(flaw);
        Assert.Equal(text, Encoding.UTF8.GetString(read!.ToBytes()));
    }

    [Theory]
    [InlineData("Message-ID")]
    [InlineData("Message_ID")]
    [InlineData("MID")]
    public void The_id_of_a_message_is_read_in_every_spelling(string spelling)
    {
        var text = """{"source":"001e","destination":"0001","leader":"unkown","req_category":"get","ID":"x","key":"k"}"""
            .Replace("ID", spelling, StringComparison.Ordinal);
        Assert.Equal("x", LanMessage.Read(Encoding.UTF8.GetBytes(text), out _)!.Id);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[1]", "object")]
    [InlineData("""{"source":"0000"}""", "destination")]
    [InlineData("""{"source":"0000","destination":7,"leader":"unkown","req_category":"get"}""", "destination")]
    [InlineData("""{"source":"0000","destination":"0001","leader":"unkown","req_category":"get","key":"k"}""", "Message ID")]
    [InlineData("""{"source":"0000","destination":"0001","leader":"unkown","req_category":"get","Message ID":"x"}""", "key")]
    [InlineData("""{"source":"0000","destination":"0001","leader":"unkown","req_category":"put","Message ID":"x","key":"k"}""", "value")]
    [InlineData("""{"source":"0000","destination":"0001","leader":"unkown","req_category":"heartbeat","frame":"?"}""", "frame")]
    [Row("S4-11")]
    public void What_lacks_a_field_is_no_message_and_the_field_is_named(string text, string named)
    {
        Assert.Null(LanMessage.Read(Encoding.UTF8.GetBytes(text), out var flaw));
        Assert.Contains(named, flaw, StringComparison.Ordinal);
    }
}
