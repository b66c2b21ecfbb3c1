using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Tests;

public sealed class ScoreboardTests : IDisposable
{
    private static readonly DateTime Day = new(2026, 3, 4, 0, 0, 0, DateTimeKind.Utc);
    private readonly string folder = Directory.CreateTempSubdirectory("balsa-scoreboard-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_figure_is_kept_on_its_line_and_the_other_lines_stay()
    {
        var path = CreateCheckout(Line("first", 2), Line("second", 2));

        Assert.True(Scoreboard.Record(folder, "second", "5000 seeds", holds: true, Day));

        var lines = ScoreboardFile.Read(path);
        Assert.Null(lines[0].Last);
        Assert.Equal("5000 seeds", lines[1].Last);
        Assert.Equal("2026-03-04", lines[1].Date);
        Assert.True(lines[1].Holds);
    }

    [Fact]
    public void It_is_found_from_a_folder_deep_inside_the_checkout()
    {
        CreateCheckout(Line("first", 2));
        var deep = Directory.CreateDirectory(Path.Combine(folder, "src", "deep")).FullName;

        Assert.True(Scoreboard.Record(deep, "first", "1", holds: false, Day));
    }

    [Fact]
    public void Outside_a_checkout_nothing_is_written_and_nothing_fails() =>
        Assert.False(Scoreboard.Record(folder, "first", "1", holds: true, Day));

    [Fact]
    public void An_unknown_name_is_not_added()
    {
        var path = CreateCheckout(Line("first", 2));
        var before = File.ReadAllText(path);

        Assert.False(Scoreboard.Record(folder, "frist", "1", holds: true, Day));
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public void A_damaged_file_does_not_make_the_command_fail()
    {
        var path = CreateCheckout(Line("first", 2));
        File.WriteAllText(path, "[ not json");

        Assert.False(Scoreboard.Record(folder, "first", "1", holds: true, Day));
    }

    [Fact]
    public void Writing_what_was_read_changes_nothing()
    {
        var text = ScoreboardFile.Format([Line("a >= 2 'x'", 2), Line("b", 3)]);

        Assert.Equal(text, ScoreboardFile.Format(ScoreboardFile.Parse(text)));
        Assert.Contains("a >= 2 'x'", text);
    }

    [Fact]
    public void Lines_are_ordered_by_issue_and_keep_their_order_within_one()
    {
        var text = ScoreboardFile.Format([Line("z", 3), Line("b", 2), Line("a", 2)]);

        Assert.Equal(["b", "a", "z"], ScoreboardFile.Parse(text).Select(line => line.Name));
    }

    private static ScoreLine Line(string name, int issue) =>
        new() { Name = name, Issue = issue, Command = "./balsa x", Target = "= 0" };

    private string CreateCheckout(params ScoreLine[] lines)
    {
        File.WriteAllText(Path.Combine(folder, "Balsa.slnx"), "<Solution />");
        Directory.CreateDirectory(Path.Combine(folder, "docs"));
        var path = Path.Combine(folder, ScoreboardFile.RelativePath);
        ScoreboardFile.Write(path, lines);
        return path;
    }
}
