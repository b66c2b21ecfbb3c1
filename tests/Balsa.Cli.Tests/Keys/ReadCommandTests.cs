using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

public sealed class ReadCommandTests
{
    private static readonly ClientResponse Two = new()
    {
        Outcome = ClientOutcome.Done, Revision = 12, Count = 5, More = true,
        Values = [Found("a", "one\ntwo"u8.ToArray(), 9), Found("longer", [0xff, 0x00], 11)],
    };

    [Fact]
    public void The_value_of_a_key_stands_alone()
    {
        using var member = new Member(new ClientResponse
        {
            Outcome = ClientOutcome.Done, Revision = 12, Values = [Found("a", "one"u8.ToArray(), 9)],
        });
        var run = member.Balsa("get", "a", "--revision", "10", "--stale");
        Assert.Equal((0, "one\n"), (run.ExitCode, run.Results));
        var asked = Assert.Single(member.Asked);
        Assert.Equal((ClientOperation.Get, 10L, true, false), (asked.Op, asked.Revision, asked.Local, asked.IsPrefix));
        Assert.Equal("a"u8.ToArray(), asked.Key);
    }

    [Fact]
    public void A_read_asks_for_a_consistency_and_says_which_one_it_got()
    {
        using var member = new Member(new ClientResponse
        {
            Outcome = ClientOutcome.Done, Revision = 12, Served = "linearizable", Values = [Found("a", "one"u8.ToArray(), 9)],
        });
        var run = member.Balsa("get", "a", "--consistency", "lease", "--json");
        Assert.Equal("lease", Assert.Single(member.Asked).Consistency);
        Assert.Contains("\"consistency\":\"linearizable\"", run.LastLine, StringComparison.Ordinal);
        Assert.Equal(2, member.Balsa("get", "a", "--consistency", "perhaps").ExitCode);
        Assert.Equal(2, member.Balsa("get", "a", "--consistency", "lease", "--stale").ExitCode);
    }

    [Fact]
    public void Keys_under_a_prefix_are_a_table_with_one_line_each()
    {
        using var member = new Member(Two);
        var run = member.Balsa("get", "-p", "", "--limit", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            KEY     REVISION  VALUE
            a              9  one\ntwo
            longer        11  <binary, 2 bytes; use --json>

            """, run.Results, ignoreLineEndingDifferences: true);
        Assert.Contains("more keys: 5", run.Messages, StringComparison.Ordinal);
        var asked = Assert.Single(member.Asked);
        Assert.Equal((ClientOperation.List, true, true, 2), (asked.Op, asked.IsPrefix, asked.WithValues, asked.Limit));
    }

    [Fact]
    public void Keys_as_json_are_items_with_all_that_is_known()
    {
        using var member = new Member(Two);
        using var answer = JsonDocument.Parse(member.Balsa("get", "--prefix", "a", "--json").LastLine);
        var items = answer.RootElement.GetProperty("items");
        Assert.Equal("one\ntwo", items[0].GetProperty("value").GetString());
        Assert.Equal([0xff, 0x00], items[1].GetProperty("value_b64").GetBytesFromBase64());
        Assert.Equal(11, items[1].GetProperty("revision").GetInt64());
        Assert.Equal(3, items[1].GetProperty("created").GetInt64());
        Assert.Equal(2, items[1].GetProperty("version").GetInt64());
        Assert.Equal(5, answer.RootElement.GetProperty("count").GetInt64());
        Assert.True(answer.RootElement.GetProperty("more").GetBoolean());
        Assert.Equal(12, answer.RootElement.GetProperty("storeRevision").GetInt64());
    }

    [Fact]
    public void A_list_shows_how_long_values_are()
    {
        using var member = new Member(Two with { Values = [Found("a", null, 9)] });
        var run = member.Balsa("ls", "a", "--revision", "4");
        Assert.Contains("100 B", run.Results, StringComparison.Ordinal);
        Assert.Equal((4L, false), (member.Asked[0].Revision, member.Asked[0].WithValues));
    }

    [Theory]
    [InlineData("get a --revision 3", "balsa get a --revision 5")]
    [InlineData("get -p a --revision 3", "balsa get a -p --revision 5")]
    [InlineData("ls a --revision 3", "balsa ls a --revision 5")]
    [InlineData("ls --revision 3", "balsa ls --revision 5")]
    public void A_compacted_revision_says_which_can_be_read(string words, string next)
    {
        using var member = new Member(Refused(ClientError.Compacted));
        var run = member.Balsa(words.Split(' '));
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("error E0304: revision 3 was compacted.", run.Messages, StringComparison.Ordinal);
        Assert.Contains("why:  Revisions 5 to 12 can be read.", run.Messages, StringComparison.Ordinal);
        Assert.Contains($"next: {next}\n", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_revision_of_the_future_says_which_can_be_read()
    {
        using var member = new Member(Refused(ClientError.FutureRevision));
        var run = member.Balsa("get", "a", "--revision", "13", "--json");
        Assert.Equal(3, run.ExitCode);
        using var answer = JsonDocument.Parse(run.LastLine);
        var error = answer.RootElement.GetProperty("error");
        Assert.Equal("E0305", error.GetProperty("code").GetString());
        Assert.Equal("Revisions 5 to 12 can be read.", error.GetProperty("why").GetString());
    }

    [Theory]
    [InlineData(ClientError.Compacted, "E0304: revision 4 was compacted already")]
    [InlineData(ClientError.FutureRevision, "E0305: there is no revision 4 yet")]
    public void A_compaction_that_is_refused_names_one_that_is_not(string code, string what)
    {
        using var member = new Member(Refused(code));
        var run = member.Balsa("compact", "4");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(what, run.Messages, StringComparison.Ordinal);
        Assert.Contains("next: balsa compact 12\n", run.Messages, StringComparison.Ordinal);
    }

    private static ClientResponse Refused(string code) => new()
    {
        Outcome = ClientOutcome.NotDone, Code = code, Message = "no", Revision = 12, Oldest = 5,
    };

    private static ClientValue Found(string key, byte[]? value, long revision) =>
        new(System.Text.Encoding.UTF8.GetBytes(key), value, value?.Length ?? 100, 3, revision, 2);
}
