using System.Text;
using Balsa.Cli.Clients;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("/seat/12A", "/seat/12A")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("", "''")]
    public void A_word_is_quoted_as_a_shell_needs_it(string word, string quoted) => Assert.Equal(quoted, KeyText.Quote(word));

    [Fact]
    public void Nothing_in_a_table_moves_the_cursor() =>
        Assert.Equal("a\\nb\\tc\\x1b[2J", KeyText.OneLine("a\nb\tc\e[2J"u8.ToArray()));

    [Fact]
    public void What_is_no_text_is_said_to_be_binary()
    {
        Assert.Equal("<binary, 2 bytes; use --json>", KeyText.Show([0xff, 0xfe]));
        Assert.Equal("<binary, 2 bytes; use --json>", KeyText.OneLine([0xff, 0xfe]));
        Assert.Equal("revision 7, 2 bytes", KeyText.Describe(Found([0xff, 0xfe])));
    }

    [Fact]
    public void A_long_value_is_cut_in_an_error()
    {
        var text = KeyText.Describe(Found(Encoding.UTF8.GetBytes(new string('x', 500))));
        Assert.Equal($"revision 7, value \"{new string('x', 40)}...\"", text);
    }

    private static ClientValue Found(byte[] value) => new("key"u8.ToArray(), value, value.Length, 3, 7, 2);
}
