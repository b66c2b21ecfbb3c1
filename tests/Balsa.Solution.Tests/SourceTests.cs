using Balsa.Solution.Tests.Rules;

namespace Balsa.Solution.Tests;

/// <summary>Sources and documents: sizes, shape, words and links. Each rule is also shown something bad that it must find.</summary>
public sealed class SourceTests
{
    private static readonly Dictionary<string, string> NoExcuse = new(StringComparer.Ordinal);
    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".props", ".targets", ".slnx", ".md", ".json", ".txt", ".sh", ".proto", ".js", ".css", ".html", ".yml", ""];

    private static IEnumerable<string> Sources => Repository.WithExtension(".cs");

    private static IEnumerable<string> ProductionSources => Sources.Where(path => path.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void Files_stay_within_their_budget() =>
        Check.Empty(Sources.SelectMany(path => Sizes.FileViolations(path, Repository.Read(path))));

    [Fact]
    public void Lines_stay_within_their_budget() =>
        Check.Empty(Sources.SelectMany(path => Sizes.LineViolations(path, Repository.Read(path))));

    [Fact]
    public void Methods_stay_within_their_budget() =>
        Check.Empty(Sources.SelectMany(path => Sizes.MethodViolations(path, Repository.Read(path))));

    [Fact]
    public void An_excuse_that_is_not_needed_is_removed() =>
        Check.Empty(Sizes.StaleExcuses(path => Repository.Files.Contains(path) ? Repository.Read(path) : null));

    [Theory]
    [InlineData("src/A.cs", 300, 0)]
    [InlineData("src/A.cs", 301, 1)]
    [InlineData("tests/A.cs", 500, 0)]
    [InlineData("tests/A.cs", 501, 1)]
    public void A_long_file_is_found(string path, int lines, int problems) =>
        Assert.Equal(problems, Sizes.FileViolations(path, Lines(lines), NoExcuse).Count());

    [Fact]
    public void An_excuse_reaches_to_500_lines_and_no_further()
    {
        var excuse = new Dictionary<string, string>(StringComparer.Ordinal) { ["src/A.cs"] = "reason" };

        Assert.Empty(Sizes.FileViolations("src/A.cs", Lines(500), excuse));
        Assert.Single(Sizes.FileViolations("src/A.cs", Lines(501), excuse));
    }

    [Fact]
    public void A_long_line_is_found() =>
        Assert.Contains("(2) has 141", Assert.Single(Sizes.LineViolations("src/A.cs", "x\n" + new string('y', 141))));

    [Theory]
    [InlineData("void M() {", "}", 60, 0)]
    [InlineData("void M() {", "}", 61, 1)]
    [InlineData("A() {", "}", 61, 1)]
    [InlineData("int P { get {", "return 0; } }", 61, 1)]
    [InlineData("System.Action F = () => {", "};", 61, 1)]
    [InlineData("string S = \"\"\"\n}{", "\"\"\";", 90, 0)]
    public void A_long_method_is_found_whatever_its_kind(string head, string tail, int lines, int problems)
    {
        var text = $"class A {{\n{head}\n{string.Concat(Enumerable.Repeat("\n", lines - 2))}{tail}\n}}";

        Assert.Equal(problems, Sizes.MethodViolations("src/A.cs", text, NoExcuse).Count());
    }

    [Fact]
    public void Production_code_keeps_its_shape() =>
        Check.Empty(ProductionSources.SelectMany(path => Words.ShapeViolations(path, Repository.Read(path))));

    [Theory]
    [InlineData("partial class A;", 1)]
    [InlineData("[JsonSerializable(typeof(int))] partial class A;", 0)]
    [InlineData("partial class A { [GeneratedRegex(\"x\")] private static partial Regex R(); }", 0)]
    [InlineData("class A {\n#region Private\n#endregion\n}", 1)]
    [InlineData("class A { int M() => throw new NotImplementedException(); }", 1)]
    [InlineData("class A; // TODO", 1)]
    [InlineData("class A; // FIXME later", 1)]
    [InlineData("class A; // to do it twice is fine", 0)]
    public void A_bad_shape_is_found(string text, int problems) => Assert.Equal(problems, Words.ShapeViolations("src/A.cs", text).Count());

    [Fact]
    public void Texts_name_no_machine_and_hide_no_character() =>
        Check.Empty(Repository.WithExtension(TextFiles).SelectMany(path => Words.TextViolations(path, Repository.Read(path))));

    [Fact]
    public void A_path_of_one_machine_is_found()
    {
        // Put together here, so that this file does not break the rule that it tests.
        Assert.Single(Words.TextViolations("a.md", "see /" + "home/somebody/notes"));
        Assert.Single(Words.TextViolations("a.md", "see /" + "work/balsa"));
        Assert.Single(Words.TextViolations("a.md", "see C" + ":\\Users"));
        Assert.Empty(Words.TextViolations("a.md", "see docs/home/page and $HOME"));
    }

    [Theory]
    [InlineData("a\u0007b", 1)]
    [InlineData("a\u200Bb", 1)]
    [InlineData("a\rb", 1)]
    [InlineData("\uFEFFa", 0)]
    [InlineData("tab\tand line\n", 0)]
    [InlineData("\u00FC \u2192 \u2713", 0)]
    public void A_hidden_character_is_found(string text, int problems) =>
        Assert.Equal(problems, Words.TextViolations("a.md", text).Count());

    [Fact]
    public void Links_between_documents_lead_somewhere() =>
        Check.Empty(Repository.WithExtension(".md").SelectMany(path => Links.Violations(path, Repository.Read(path), Exists)));

    [Theory]
    [InlineData("[a](b.md)", "docs/b.md", 0)]
    [InlineData("[a](b.md#part)", "docs/b.md", 0)]
    [InlineData("[a](../README.md)", "README.md", 0)]
    [InlineData("[a](../src/)", "src", 0)]
    [InlineData("[a](https://example.org/x)", "", 0)]
    [InlineData("[a](#part)", "", 0)]
    [InlineData("`[a](gone.md)`", "", 0)]
    [InlineData("[a](gone.md)", "docs/b.md", 1)]
    [InlineData("[a](../../outside.md)", "outside.md", 1)]
    public void A_broken_link_is_found(string text, string existing, int problems) =>
        Assert.Equal(problems, Links.Violations("docs/a.md", text, path => path == existing).Count());

    private static bool Exists(string path) =>
        File.Exists(Path.Combine(Repository.Root, path)) || Directory.Exists(Path.Combine(Repository.Root, path));

    private static string Lines(int count) => string.Concat(Enumerable.Repeat("x\n", count));

    [Fact]
    public void Planners_of_storage_touch_no_file_clock_or_thread() =>
        Check.Empty(Repository.WithExtension(".cs").Where(Planners.Concerns)
            .SelectMany(path => Planners.Violations(path, Repository.Read(path))));

    [Theory]
    [InlineData("class A { void B() { System.IO.File.Delete(\"x\"); File.Delete(\"x\"); } }")]
    [InlineData("class A { object B() => new Thread(() => { }); }")]
    [InlineData("class A { long B() => Stopwatch.GetTimestamp(); }")]
    public void A_planner_that_does_the_work_itself_is_found(string text) =>
        Assert.NotEmpty(Planners.Violations("src/Balsa.Storage/Wal/A.cs", text));

    [Fact]
    [Row("S0-15", "M0-10")]
    public void Who_decides_by_time_never_asks_the_clock_on_the_wall() =>
        Check.Empty(ProductionSources.Where(LivesByTime).Where(path => AsksTheWall(Repository.Read(path))));

    [Theory]
    [InlineData("class A { long B() => DateTime.UtcNow.Ticks; }")]
    [InlineData("class A { object B() => DateTimeOffset.Now; }")]
    [InlineData("class A { object B(TimeProvider clock) => clock.GetUtcNow(); }")]
    public void A_look_at_the_clock_on_the_wall_is_found(string text) => Assert.True(AsksTheWall(text));

    private static bool LivesByTime(string path) =>
        new[] { "Raft", "Replica", "Node", "Transport", "KeyValue", "Storage" }.Any(name =>
            path.StartsWith($"src/Balsa.{name}/", StringComparison.Ordinal));

    private static bool AsksTheWall(string text) => new[] { ".UtcNow", ".Now", ".GetUtcNow", ".GetLocalNow", ".Today" }.Any(member =>
        Source.Parse(text).DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MemberAccessExpressionSyntax>().Any(access =>
            $".{access.Name}" == member && (member is not ".Now" || $"{access.Expression}".StartsWith("Date", StringComparison.Ordinal))));
}
