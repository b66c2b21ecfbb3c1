using Balsa.Grpc.Wire;

namespace Balsa.Grpc.Tests.Wire;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData("etcdserver: no leader", "etcdserver: no leader")]
    [InlineData("100 % sure", "100 %25 sure")]
    [InlineData("two\nlines", "two%0Alines")]
    [InlineData("\u00fc\u2713", "%C3%BC%E2%9C%93")]
    [InlineData("", "")]
    public void A_message_travels_as_printable_text(string message, string onTheWire)
    {
        Assert.Equal(onTheWire, StatusText.Encode(message));
        Assert.Equal(message, StatusText.Decode(onTheWire));
    }

    [Fact]
    public void Every_character_comes_back()
    {
        for (var one = 0; one < 0x3000; one++)
        {
            var text = $"a{(char)one}z";
            var encoded = StatusText.Encode(text);
            Assert.DoesNotContain(encoded, c => c is < ' ' or > '~');
            Assert.Equal(text, StatusText.Decode(encoded));
        }
    }

    [Theory]
    [InlineData("%")]
    [InlineData("%4")]
    [InlineData("%zz and more")]
    [InlineData("50%")]
    public void A_damaged_message_is_shown_as_it_came(string damaged) => Assert.Equal(damaged, StatusText.Decode(damaged));
}
