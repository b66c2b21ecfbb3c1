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
        Assert.Equal(["verdict", "operations", "seconds"], document.RootElement.EnumerateObject().Select(member => member.Name));
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
        // Thirty writes at once, each of its own value, and then a value that none wrote: every choice of them is a dead end.
        var lines = Enumerable.Range(0, 30).Select(i => Event(i, ":invoke", ":write", $"{i}")).Append(Event(90, ":invoke", ":read", "nil"))
            .Append(Event(90, ":ok", ":read", "77")).Concat(Enumerable.Range(0, 30).Select(i => Event(i, ":ok", ":write", $"{i}")));
        File.WriteAllLines(_file, lines);
        var run = Run.Balsa("check", _file, "--seconds", "1");
        Assert.Equal(ExitCode.Unknown, run.ExitCode);
        Assert.StartsWith("unknown: 31 operations", run.Results, StringComparison.Ordinal);
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

    private void Write(string read) => File.WriteAllLines(
        _file,
        [
            Event(0, ":invoke", ":write", "1"), Event(0, ":ok", ":write", "1"),
            Event(0, ":invoke", ":read", "nil"), Event(0, ":ok", ":read", read),
        ]);
}
