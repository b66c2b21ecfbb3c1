using System.Reflection;
using System.Text.RegularExpressions;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Errors;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Tests.Errors;

public sealed partial class ErrorBookTests
{
    [Fact]
    public void Every_code_that_is_used_has_a_text_and_a_hint()
    {
        var used = CodesInSources().Concat(CodesOfProtocol()).ToHashSet();
        Assert.Contains("E0201", used);
        Assert.Equal(used.Order(), ErrorBook.All.Select(entry => entry.Code).Order());
        Assert.All(ErrorBook.All, entry =>
        {
            Assert.True(entry.Text.Length > 40, entry.Code);
            Assert.InRange(entry.Next.Length, 1, 3);
        });
    }

    [Fact]
    public void The_page_of_errors_is_what_the_program_says()
    {
        var path = Path.Combine(Root(), "docs", "errors.md");
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1") File.WriteAllText(path, ErrorsPage.Markdown());
        Assert.Equal(ErrorsPage.Markdown(), File.ReadAllText(path));
        Assert.All(ErrorBook.All, entry => Assert.Contains($"\n## {entry.Code}: ", File.ReadAllText(path), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_code_can_be_explained_and_others_are_answered_with_near_ones()
    {
        Assert.All(ErrorBook.All, entry =>
        {
            var run = Run.Balsa("explain", entry.Code.ToLowerInvariant());
            Assert.Equal(0, run.ExitCode);
            Assert.Contains(entry.Text, run.Results, StringComparison.Ordinal);
        });
        var wrong = Run.Balsa("explain", "E0999");
        Assert.Equal(ExitCode.NotFound, wrong.ExitCode);
        Assert.Contains("balsa explain", wrong.Messages, StringComparison.Ordinal);
        Assert.Contains("E0105  outcome unknown", Run.Balsa("explain").Results, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_exit_code_has_a_meaning()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.IsLiteral).Select(field =>
            (int)field.GetRawConstantValue()!);
        Assert.Equal(codes.Order(), ExitCode.Meanings.Select(meaning => meaning.Code).Order());
        var run = Run.Balsa("help", "exit-codes");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("   4  no quorum", run.Results, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_knows_commands_and_says_what_else_there_is()
    {
        Assert.Equal(Run.Balsa("fault", "kill", "--help").Results, Run.Balsa("help", "fault", "kill").Results);
        var wrong = Run.Balsa("help", "exit-code");
        Assert.Equal(ExitCode.Usage, wrong.ExitCode);
        Assert.Contains("balsa help exit-codes", wrong.Messages, StringComparison.Ordinal);
    }

    private static IEnumerable<string> CodesOfProtocol() =>
        typeof(ClientError).GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> CodesInSources() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "src", "Balsa.Cli"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Code().Matches(File.ReadAllText(file)).Select(match => match.Value));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Balsa.slnx"))) folder = Path.GetDirectoryName(folder.TrimEnd('/', '\\'))!;
        return folder;
    }

    [GeneratedRegex("E0[0-9]{3}", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
