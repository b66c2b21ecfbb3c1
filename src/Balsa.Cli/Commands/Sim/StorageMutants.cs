using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim mutants --world disk`: plants mistakes in storage and looks whether the drill of the disk notices.</summary>
internal static class StorageMutants
{
    internal const string ScoreName = "every mistake planted in storage caught, legal variants flagged 0";

    internal static int Hunt(Output output, string? name, double patience)
    {
        var chosen = StorageMutantReport.All.Where(mutant => name is null || mutant.ToString() == name).ToList();
        if (chosen.Count == 0)
        {
            var names = string.Join(", ", StorageMutantReport.All);
            return output.Fail(
                new Problem($"there is no mutant {name} of the disk.", $"There are {names}.", "balsa sim mutants --world disk"),
                ExitCode.Usage);
        }

        var report = new StorageMutantReport(output, patience);
        foreach (var mutant in chosen) report.Try(mutant);
        return Tell(output, report, isWhole: name is null);
    }

    private static int Tell(Output output, StorageMutantReport report, bool isWhole)
    {
        var holds = report.Missed.Count == 0 && report.FalseAlarms == 0;
        output.Line(
            $"{report.Caught} of {report.Planted} caught, {report.CaughtBySimulator} by the drill; {report.FalseAlarms} false alarms; "
            + $"median {report.MedianSeconds:F2} s, slowest {report.SlowestSeconds:F2} s");
        output.Object(json =>
        {
            json.WriteNumber("planted", report.Planted);
            json.WriteNumber("caught", report.Caught);
            json.WriteNumber("caughtBySimulator", report.CaughtBySimulator);
            WriteNames(json, "missed", report.Missed);
            WriteNames(json, "caughtByTestsOnly", report.ByTestsOnly);
            json.WriteNumber("legalVariants", report.LegalVariants);
            json.WriteNumber("falseAlarms", report.FalseAlarms);
            json.WriteNumber("medianSeconds", Math.Round(report.MedianSeconds, 3));
            json.WriteNumber("slowestSeconds", Math.Round(report.SlowestSeconds, 3));
        });
        if (isWhole)
        {
            Scoreboard.Record(
                ScoreName,
                $"{report.Caught}/{report.Planted} caught, {report.CaughtBySimulator} by the drill, slowest {report.SlowestSeconds:F0} s, "
                + $"{report.FalseAlarms} false alarms", holds);
        }

        return holds ? ExitCode.Done : ExitCode.Failed;
    }

    private static void WriteNames(System.Text.Json.Utf8JsonWriter json, string name, IReadOnlyList<string> names)
    {
        json.WriteStartArray(name);
        foreach (var one in names) json.WriteStringValue(one);
        json.WriteEndArray();
    }
}
