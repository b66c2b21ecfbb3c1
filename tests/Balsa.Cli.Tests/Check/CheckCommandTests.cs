using System.Text.Json;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Tests.Check;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("nil", ExitCode.Failed, "not-linearizable")]
    [InlineData("1", ExitCode.Done, "linearizable")]
    public void The_verdict_is_the_exit_code_and_a_key_of_the_object(string read, int exitCode, string verdict)
    {
        Write(read);
        var run = Run.Balsa("check", _file, "--json");
        Assert.Equal(exitCode, run.ExitCode);
        using var document = JsonDocument.Parse(run.LastLine);
        Assert.Equal(
            ["verdict", "operations", "seconds", "readSeconds", "oracle"],
            document.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(verdict, document.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("operations").GetInt32());
    }

    [Fact]
    public void What_is_wrong_is_shown_with_its_lines()
    {
        Write("nil");
        var run = Run.Balsa("check", _file);
        Assert.StartsWith("not-linearizable: 2 operations", run.Results, StringComparison.Ordinal);
        Assert.Contains("put \"1\": done", run.Results, StringComparison.Ordinal);
        Assert.Contains("get: nothing", run.Results, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_that_takes_too_long_is_unknown()
    {
        // Thirty writes at once, each of its own value, and then one value comes back: every choice of them is a dead end.
        var lines = Enumerable.Range(0, 30).Select(i => Event(i, ":invoke", ":write", $"{i}"))
            .Concat(new[] { "1", "2", "1" }.SelectMany(value => Read(value)))
            .Concat(Enumerable.Range(0, 30).Select(i => Event(i, ":ok", ":write", $"{i}")));
        File.WriteAllLines(_file, lines);
        var run = Run.Balsa("check", _file, "--seconds", "1");
        Assert.Equal(ExitCode.Unknown, run.ExitCode);
        Assert.StartsWith("unknown: 33 operations", run.Results, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_judged_as_a_whole_and_each_file_by_itself()
    {
        var folder = Directory.CreateTempSubdirectory("balsa-check-").FullName;
        try
        {
            Write("1");
            File.Copy(_file, Path.Combine(folder, "good.log"));
            Write("nil");
            File.Copy(_file, Path.Combine(folder, "wrong.log"));
            File.WriteAllText(Path.Combine(folder, "README.md"), "no history");
            var run = Run.Balsa("check", folder, "--json");
            Assert.Equal(ExitCode.Failed, run.ExitCode);
            using var document = JsonDocument.Parse(run.LastLine);
            Assert.Equal(4, document.RootElement.GetProperty("operations").GetInt32());
            Assert.Equal(
                ["linearizable", "not-linearizable"],
                document.RootElement.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("verdict").GetString()));
            Assert.Equal(ExitCode.Done, Run.Balsa("check", Path.Combine(folder, "good.log"), Path.Combine(folder, "good.log")).ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_history_with_revisions_is_replayed_unless_a_search_is_asked_for()
    {
        File.WriteAllLines(
            _file,
            [
                """{"event":"invoke","client":"a","operation":"put","key":"k","value":"v"}""",
                """{"event":"return","client":"a","outcome":"done","revision":2}""",
                """{"event":"invoke","client":"a","operation":"get","key":"k"}""",
                """{"event":"return","client":"a","outcome":"done","result":"w","revision":2}""",
            ]);
        var replayed = Run.Balsa("check", _file);
        Assert.Equal(ExitCode.Failed, replayed.ExitCode);
        Assert.Contains("(revisions)", replayed.Results, StringComparison.Ordinal);
        Assert.Contains("At revision 2: key \"k\" had \"v\" of revision 2", replayed.Results, StringComparison.Ordinal);
        var searched = Run.Balsa("check", _file, "--oracle", "wgl");
        Assert.Equal(ExitCode.Failed, searched.ExitCode);
        Assert.Contains("(wgl)", searched.Results, StringComparison.Ordinal);
        Write("1");
        var without = Run.Balsa("check", _file, "--oracle", "revisions");
        Assert.Equal(ExitCode.Usage, without.ExitCode);
        Assert.Contains("has no revision", without.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void The_self_test_counts_mismatches_and_finds_a_planted_mistake()
    {
        var good = Run.Balsa("check", "--self-test", "--histories", "2000", "--json");
        Assert.Equal(ExitCode.Done, good.ExitCode);
        using var document = JsonDocument.Parse(good.LastLine);
        Assert.Equal(2000, document.RootElement.GetProperty("histories").GetInt32());
        Assert.Equal(0, document.RootElement.GetProperty("mismatches").GetInt32());
        var wrong = Run.Balsa("check", "--self-test", "--histories", "2000", "--mutant", "UnknownNeverHappens");
        Assert.Equal(ExitCode.Failed, wrong.ExitCode);
        Assert.Contains("gets another verdict", wrong.Messages, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run.Balsa("check", _file, "--self-test").ExitCode);
    }

    [Fact]
    public void Bad_usage_is_told_in_three_parts()
    {
        var missing = Run.Balsa("check", _file + ".missing");
        Assert.Equal(ExitCode.Usage, missing.ExitCode);
        Assert.Contains("There is no file", missing.Messages, StringComparison.Ordinal);
        Assert.Contains("  why:  ", missing.Messages, StringComparison.Ordinal);
        Assert.Contains("  next: ", missing.Messages, StringComparison.Ordinal);
        var empty = Run.Balsa("check", _file);
        Assert.Equal(ExitCode.Usage, empty.ExitCode);
        Assert.Contains("The history is empty.", empty.Messages, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Run.Balsa("check", _file, "--seconds", "0").ExitCode);
        Assert.Equal(ExitCode.Usage, Run.Balsa("check").ExitCode);
    }

    private static string Event(int client, string type, string operation, string value) =>
        $"INFO  jepsen.util - {client}\t{type}\t{operation}\t{value}";

    private static string[] Read(string value) => [Event(90, ":invoke", ":read", "nil"), Event(90, ":ok", ":read", value)];

    private void Write(string read) => File.WriteAllLines(
        _file,
        [
            Event(0, ":invoke", ":write", "1"), Event(0, ":ok", ":write", "1"),
            Event(0, ":invoke", ":read", "nil"), Event(0, ":ok", ":read", read),
        ]);
}
