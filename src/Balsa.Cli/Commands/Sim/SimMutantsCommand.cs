using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Disks.Drills;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim mutants`: plants mistakes in core and storage and looks whether oracles, drill and scenarios notice.</summary>
internal static class SimMutantsCommand
{
    internal const string ScoreName = "every mutant caught, none above 5 minutes, legal variants flagged 0";
    private const double SimulatorShareMin = 0.9, SlowestSecondsMax = 300, PatienceMin = 0.1, PatienceMax = 3600;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var only = new Option<string>("--only") { Description = "Only this mutant.", HelpName = "NAME" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Patience for each mutant and first seed, in seconds.", DefaultValueFactory = _ => 60, HelpName = "T",
        };
        var command = new CliCommand(
            "mutants", "Plants each known mistake in core and storage and looks for it from three unrelated first seeds.",
            "balsa sim mutants", "balsa sim mutants --only VoteIgnoresLog --json");
        command.Options.Add(json);
        command.Options.Add(only);
        command.Options.Add(seconds);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var (name, patience) = (parsed.GetValue(only), parsed.GetValue(seconds));
            if (patience is < PatienceMin or > PatienceMax || double.IsNaN(patience))
            {
                var range = $"It must be between {PatienceMin} and {PatienceMax}.";
                return output.Fail(new Problem($"--seconds is {patience}.", range, "balsa sim mutants --help"), ExitCode.Usage);
            }

            var chosen = Choose(name);
            if (chosen.Count > 0) return Hunt(output, chosen, patience, isWhole: name is null);
            var known = string.Join(", ", Choose(null).Select(mutant => mutant.Name));
            return output.Fail(new Problem($"there is no mutant {name}.", $"There are {known}.", "balsa sim mutants"), ExitCode.Usage);
        });
        return command;
    }

    private static List<HuntedMutant> Choose(string? name) =>
        [.. HuntedMutant.All().Where(mutant => name is null || mutant.Name == name)];

    private static int Hunt(Output output, List<HuntedMutant> chosen, double patience, bool isWhole)
    {
        var report = new MutantReport(output, patience);
        foreach (var mutant in chosen) report.Try(mutant);
        var holds = report.Missed.Count == 0 && report.FalseAlarms == 0 && report.SlowestSeconds <= SlowestSecondsMax
            && (!isWhole || report.CaughtBySimulator >= SimulatorShareMin * report.Planted);
        output.Line(
            $"{report.Caught} of {report.Planted} caught, {report.CaughtBySimulator} by the simulator alone; "
            + $"{report.FalseAlarms} false alarms; "
            + $"median {report.MedianSeconds:F2} s, slowest {report.SlowestSeconds:F2} s");
        output.Object(json =>
        {
            json.WriteNumber("planted", report.Planted);
            json.WriteNumber("caught", report.Caught);
            json.WriteNumber("caughtBySimulator", report.CaughtBySimulator);
            WriteNames(json, "missed", report.Missed);
            WriteNames(json, "caughtByScenariosOnly", report.ByScenariosOnly);
            json.WriteNumber("legalVariants", report.LegalVariants);
            json.WriteNumber("falseAlarms", report.FalseAlarms);
            json.WriteNumber("medianSeconds", Math.Round(report.MedianSeconds, 3));
            json.WriteNumber("slowestSeconds", Math.Round(report.SlowestSeconds, 3));
        });
        if (isWhole)
        {
            Scoreboard.Record(
                ScoreName,
                $"{report.Caught}/{report.Planted} caught, {report.CaughtBySimulator} by the simulator, "
                + $"slowest {report.SlowestSeconds:F0} s, "
                + $"{report.FalseAlarms} false alarms", holds);
        }
        return holds ? ExitCode.Done : ExitCode.Failed;
    }

    private static void WriteNames(System.Text.Json.Utf8JsonWriter json, string name, IReadOnlyList<string> mutants)
    {
        json.WriteStartArray(name);
        foreach (var mutant in mutants) json.WriteStringValue(mutant);
        json.WriteEndArray();
    }
}
