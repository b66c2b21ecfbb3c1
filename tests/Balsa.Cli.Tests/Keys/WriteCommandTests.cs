using System.Text.Json;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Keys;

public sealed class WriteCommandTests
{
    private static readonly ClientValue Bob = new("/seat"u8.ToArray(), "bob"u8.ToArray(), 3, 8, 9, 2);

    [Theory]
    [InlineData("put /seat ann", null, false)]
    [InlineData("put /seat ann --if-absent", 0L, false)]
    [InlineData("put /seat ann --if-revision 0", 0L, false)]
    [InlineData("put /seat ann --if-revision 9", 9L, false)]
    [InlineData("replace /seat ann", null, true)]
    public void A_put_says_what_must_hold(string words, long? ifRevision, bool mustExist)
    {
        using var member = new Member(Done());
        var run = member.Balsa(words.Split(' '));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"{words.Split(' ')[0]} /seat  revision 12  (changed)\n", run.Results);
        Assert.Equal((ifRevision, mustExist), (member.Asked[0].IfRevision, member.Asked[0].MustExist));
        Assert.Equal("ann"u8.ToArray(), member.Asked[0].Value);
    }

    [Fact]
    public void What_was_there_before_is_shown_when_asked_for()
    {
        using var member = new Member(Done() with { Values = [Bob] }, Done() with { Values = [Bob] }, Done() with { Existed = false });
        var put = member.Balsa("put", "/seat", "ann", "--previous");
        Assert.Contains("before: revision 9, value \"bob\"", put.Results, StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(member.Balsa("replace", "/seat", "ann", "--previous", "--json").LastLine);
        Assert.Equal("bob", answer.RootElement.GetProperty("previous").GetProperty("value").GetString());
        Assert.Contains("before: not there", member.Balsa("put", "/seat", "ann", "--previous").Results, StringComparison.Ordinal);
        Assert.All(member.Asked, asked => Assert.True(asked.WithValues));
    }

    [Theory]
    [InlineData("--if-absent", ClientError.KeyExists, "E0301: /seat already exists (revision 9, value \"bob\").")]
    [InlineData("--if-revision 4", ClientError.KeyChanged, "E0303: /seat is not as it was at revision 4 (revision 9, value \"bob\").")]
    public void A_failed_condition_says_what_is_there_and_how_to_write_over_it(string condition, string code, string what)
    {
        using var member = new Member(Refused(code) with { Values = [Bob] });
        var run = member.Balsa(["put", "/seat", "ann marie", .. condition.Split(' ')]);
        Assert.Equal(5, run.ExitCode);
        Assert.StartsWith($"error {what}\n", run.Messages, StringComparison.Ordinal);
        Assert.Contains("next: balsa put /seat 'ann marie' --if-revision 9\n", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replace /seat ann", 3)]
    [InlineData("put /seat ann --if-revision 4", 5)]
    public void A_key_that_had_to_be_there_and_is_not_is_named(string words, int exitCode)
    {
        using var member = new Member(Refused(ClientError.NoSuchKey));
        var run = member.Balsa(words.Split(' '));
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith("error E0302: there is no key /seat.", run.Messages, StringComparison.Ordinal);
        Assert.Contains("balsa put /seat ann --if-absent\n", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_taken_from_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, [0xff, 0x00, 0x0a]);
            using var member = new Member(Done());
            Assert.Equal(0, member.Balsa("put", "a", "@" + file).ExitCode);
            Assert.Equal([0xff, 0x00, 0x0a], member.Asked[0].Value);
            File.WriteAllBytes(file, new byte[3 << 20]);
            var run = member.Balsa("put", "a", "@" + file);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("error E0402: the value is too large; nothing was done.", run.Messages, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("put a @/no/such/file", "/no/such/file cannot be read; nothing was done.")]
    [InlineData("put a @", "a file without a name cannot be read; nothing was done.")]
    [InlineData("put a b --if-absent --if-revision 3", "--if-absent and --if-revision exclude each other.")]
    [InlineData("put a b --if-revision -1", "It must be at least 0.")]
    [InlineData("replace a", "needs VALUE.")]
    [InlineData("get a --limit 3", "--limit needs --prefix.")]
    [InlineData("get a --revision 0", "It must be at least 1.")]
    [InlineData("ls --revision soon", "It needs a whole number.")]
    [InlineData("compact", "needs REVISION.")]
    [InlineData("compact 0", "It must be at least 1.")]
    [InlineData("compact now", "It needs a whole number.")]
    public void A_bad_input_is_refused_before_anybody_is_asked(string words, string what)
    {
        using var member = new Member();
        var run = member.Balsa(words.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(what, run.Messages, StringComparison.Ordinal);
        Assert.Contains("  why:  ", run.Messages, StringComparison.Ordinal);
        Assert.Contains("  next: ", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("del")]
    public void An_empty_key_means_something_only_with_prefix(string verb)
    {
        var run = Run.Balsa(verb, "");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("KEY is empty; that means something only with --prefix: every key.", run.Messages, StringComparison.Ordinal);
        Assert.Contains("KEY is empty.", Run.Balsa("put", "", "x").Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flag_does_not_take_the_word_behind_it()
    {
        using var member = new Member(Done());
        member.Balsa("get", "-p", "true");
        Assert.Equal("true"u8.ToArray(), member.Asked[0].Key);
    }

    [Fact]
    public void A_delete_says_how_many_keys_went()
    {
        using var member = new Member(Done() with { Count = 1 }, Done() with { Count = 41 }, Done() with { Count = 0 });
        Assert.Equal("del a  revision 12  (1 key removed)\n", member.Balsa("del", "a").Results);
        Assert.Equal("del /jobs/  revision 12  (41 keys removed)\n", member.Balsa("del", "-p", "/jobs/", "--yes").Results);
        var none = member.Balsa("del", "b");
        Assert.Equal(3, none.ExitCode);
        Assert.StartsWith("error E0302: there is no key b.", none.Messages, StringComparison.Ordinal);
        Assert.Equal([false, true, false], member.Asked.Select(asked => asked.IsPrefix));
    }

    [Fact]
    public void One_key_under_a_prefix_goes_without_a_question_and_none_without_a_write()
    {
        using var member = new Member(Done() with { Count = 1 }, Done() with { Count = 1 }, Done() with { Count = 0 });
        Assert.Equal(0, member.Balsa("del", "-p", "/jobs/").ExitCode);
        Assert.Equal(3, member.Balsa("del", "-p", "/jobs/").ExitCode);
        Assert.Equal([ClientOperation.List, ClientOperation.Delete, ClientOperation.List], member.Asked.Select(asked => asked.Op));
    }

    private static ClientResponse Done() => new() { Outcome = ClientOutcome.Done, Revision = 12, Existed = true };

    private static ClientResponse Refused(string code) => new()
    {
        Outcome = ClientOutcome.NotDone, Code = code, Message = "no", Revision = 12, Oldest = 1,
    };
}
