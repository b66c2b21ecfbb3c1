using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands;

namespace Balsa.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Without_words_the_help_is_shown()
    {
        var run = Run.Balsa();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("balsa dev", run.Results);
        Assert.Contains("Commands:", run.Results);
    }

    [Fact]
    public void Version_names_the_version_of_the_build_settings()
    {
        var run = Run.Balsa("version");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("balsa 0.1.0", run.Results);
    }

    [Fact]
    public void Version_as_json_is_one_object_on_the_last_line()
    {
        var run = Run.Balsa("version", "--json");

        using var answer = JsonDocument.Parse(run.LastLine);
        Assert.Equal("0.1.0", answer.RootElement.GetProperty("version").GetString());
        Assert.Single(run.Results.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("verison", "balsa version")]
    [InlineData("scorebord", "balsa scoreboard")]
    [InlineData("sco", "balsa scoreboard")]
    public void A_mistyped_command_is_answered_with_the_nearest_one(string typed, string meant)
    {
        var run = Run.Balsa(typed);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Results);
        Assert.Contains($"no command \"{typed}\"", run.Messages);
        Assert.Contains("  why:  ", run.Messages);
        Assert.Contains($"  next: {meant}\n", run.Messages);
    }

    [Fact]
    public void A_mistyped_option_is_answered_with_the_nearest_one()
    {
        var run = Run.Balsa("version", "--jsn");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("  next: balsa version --json\n", run.Messages);
    }

    [Theory]
    [InlineData("scoreboard --issue two", "--issue cannot be \"two\".")]
    [InlineData("scoreboard --issue", "needs a value after --issue")]
    [InlineData("version today", "no place for \"today\"")]
    [InlineData("put a b c", "It takes KEY and VALUE.")]
    [InlineData("put a", "needs VALUE.")]
    [InlineData("put", "needs KEY and VALUE.")]
    [InlineData("fault kill", "needs NODE.")]
    [InlineData("ls --limit many", "It needs a whole number.")]
    [InlineData("ls --limit 0", "It must be between 1 and 10000.")]
    [InlineData("dev --nodes 4x", "It needs a whole number.")]
    [InlineData("dev --nodes 10", "It must be between 1 and 9.")]
    [InlineData("dev --base-port here", "It needs a whole number.")]
    [InlineData("dev --base-port 80", "It must be between 1024 and 65000.")]
    [InlineData("bench wal --seconds 0", "It must be between 1 and 3600.")]
    [InlineData("bench wal --dir /nowhere/at/all", "there is no directory /nowhere/at/all.")]
    [InlineData("sim run --world moon", "It must be one of: 'core' 'full'.")]
    [InlineData("sim run --nodes 0", "It must be between 1 and 7.")]
    [InlineData("sim run --trace", "--trace needs --seed.")]
    [InlineData("sim run --mutant 5", "there is no mutant 5.")]
    [InlineData("sim run --mutant voteignoreslog", "Near are VoteIgnoresLog.")]
    [InlineData("sim run --without cras", "Near are crash")]
    [InlineData("sim shrink", "needs SEED.")]
    [InlineData("sim mutants --only 5", "there is no mutant 5.")]
    [InlineData("sim mutants --layer disk", "there is no layer disk.")]
    [InlineData("sim mutants --seconds -1", "--seconds is -1.")]
    [InlineData("sim shrink 1 --world moon", "It must be one of: 'core' 'full'.")]
    [InlineData("sim determinism --world moon", "It must be one of: 'core' 'full'.")]
    [InlineData("sim determinism --seeds 0", "It must be between 1 and 100000.")]
    [InlineData("scoreboard record", "needs a value after --holds")]
    [InlineData("scoreboard record a b --holds maybe", "--holds cannot be \"maybe\".")]
    public void Bad_usage_ends_with_code_2_and_says_what_to_type(string words, string what)
    {
        var run = Run.Balsa(words.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("  next: balsa ", run.Messages);
        Assert.Contains(what, run.Messages);
    }

    [Fact]
    public void With_json_an_error_is_an_object_too()
    {
        var run = Run.Balsa("verison", "--json");

        using var answer = JsonDocument.Parse(run.LastLine);
        var error = answer.RootElement.GetProperty("error");
        Assert.Contains("verison", error.GetProperty("message").GetString());
        Assert.Equal("balsa version", error.GetProperty("next")[0].GetString());
    }

    [Fact]
    public void Every_command_has_a_summary_and_examples_that_parse()
    {
        var root = BalsaProgram.CreateRoot(TextWriter.Null, TextWriter.Null);
        foreach (var create in CommandList.All)
        {
            var command = create(TextWriter.Null, TextWriter.Null);
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example =>
            {
                Assert.StartsWith("balsa ", example);
                Assert.Empty(root.Parse(example["balsa ".Length..], BalsaProgram.Settings).Errors);
            });
        }
    }

    [Fact]
    public void Help_shows_examples_before_options_at_every_level()
    {
        var run = Run.Balsa("scoreboard", "record", "--help");

        Assert.Equal(0, run.ExitCode);
        var examples = run.Results.IndexOf("Examples:", StringComparison.Ordinal);
        var options = run.Results.IndexOf("Options:", StringComparison.Ordinal);
        Assert.InRange(examples, 0, options);
    }
}
