using System.CommandLine;
using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands;

/// <summary>`balsa scoreboard`: every promise of the issues, and whether it held when it was measured last.</summary>
internal static class ScoreboardCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line instead of a table." };
        var issue = new Option<int?>("--issue") { Description = "Only the lines of this issue.", HelpName = "N" };
        var command = new CliCommand(
            "scoreboard",
            "Shows what Balsa promises, and whether each promise held when it was measured last.",
            "balsa scoreboard",
            "balsa scoreboard --issue 2 --json",
            "balsa scoreboard record \"tests pass on a fresh clone\" \"120 passed\" --holds true");
        command.Options.Add(json);
        command.Options.Add(issue);
        command.Subcommands.Add(CreateRecord(results, messages));
        command.SetAction(parsed =>
            Print(new Output(results, messages, parsed.GetValue(json)), results, parsed.GetValue(issue)));
        return command;
    }

    private static CliCommand CreateRecord(TextWriter results, TextWriter messages)
    {
        var name = new Argument<string>("name") { Description = "The name of the line, exactly as the table shows it." };
        var figure = new Argument<string>("figure") { Description = "What was measured, as text." };
        var holds = new Option<string>("--holds")
        {
            Description = "true or false: is the target met?",
            Required = true,
            HelpName = "BOOL",
        };
        holds.AcceptOnlyFromAmong("true", "false");
        var command = new CliCommand(
            "record",
            "Keeps a figure that was measured outside of balsa.",
            "balsa scoreboard record \"warm ./balsa version under 0.3 s\" \"0.09 s\" --holds true");
        command.Arguments.Add(name);
        command.Arguments.Add(figure);
        command.Options.Add(holds);
        command.SetAction(parsed => Record(
            new Output(results, messages, json: false),
            parsed.GetRequiredValue(name),
            parsed.GetRequiredValue(figure),
            string.Equals(parsed.GetValue(holds), "true", StringComparison.Ordinal)));
        return command;
    }

    private static int Record(Output output, string name, string figure, bool holds)
    {
        if (Scoreboard.Record(name, figure, holds))
        {
            output.Line($"recorded: {name}  {figure}");
            return ExitCode.Done;
        }

        return output.Fail(
            new Problem(
                $"the figure of \"{name}\" was not kept.",
                $"There is no such line in {ScoreboardFile.RelativePath}, or no Balsa checkout here that can be written.",
                "balsa scoreboard"),
            ExitCode.Failed);
    }

    private static int Print(Output output, TextWriter results, int? issue)
    {
        var checkout = Checkout.Find(Directory.GetCurrentDirectory());
        if (checkout is null)
        {
            return output.Fail(
                new Problem(
                    "there is no scoreboard here.",
                    "It is a file of the Balsa repository, and the current directory is not inside one.",
                    "cd BALSA_CHECKOUT && ./balsa scoreboard"),
                ExitCode.Failed);
        }

        IReadOnlyList<ScoreLine> lines;
        try
        {
            lines = ScoreboardFile.Read(checkout.ScoreboardPath);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return output.Fail(
                new Problem(
                    $"{ScoreboardFile.RelativePath} cannot be read.",
                    problem.Message,
                    $"git checkout -- {ScoreboardFile.RelativePath}"),
                ExitCode.Failed);
        }

        var chosen = lines.Where(line => issue is null || line.Issue == issue).ToList();
        if (output.IsJson)
        {
            chosen.ForEach(line => results.WriteLine(ScoreboardFile.ToJson(line)));
        }
        else
        {
            ScoreboardTable.Print(output, chosen);
        }

        return ExitCode.Done;
    }
}
