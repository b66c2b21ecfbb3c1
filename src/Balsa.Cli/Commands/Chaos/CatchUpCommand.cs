using System.CommandLine;
using Balsa.Cli.Chaos;
using Balsa.Cli.Chaos.Endurance;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos catch-up`: a member that was away for long comes back under load.</summary>
internal static class CatchUpCommand
{
    internal const string ScoreName =
        "a member 1,000,000 entries behind, one that needs 1 GiB and one that joins catch up; p99 of clients <= 3 x";
    private const int FullEntries = 1_000_000, FullMebibytes = 1024;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var entries = NumberRange.Option("--entries", "How many entries the first one missed.", FullEntries, 1000, 100_000_000);
        var mebibytes =
            NumberRange.Option("--snapshot-mib", "How large the snapshot is that the second one needs.", FullMebibytes, 1, 65_536);
        var rate = NumberRange.Option("--rate", "Puts a second that go on meanwhile.", 500, 10, 1_000_000);
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "catch-up",
            "A member comes back that missed many entries, then one that needs a large snapshot, then a new one joins; clients go on.",
            "balsa chaos catch-up", "balsa chaos catch-up --entries 100000 --snapshot-mib 100 --json");
        foreach (var option in new Option[] { entries, mebibytes, rate, json }) command.Options.Add(option);
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(entries), parsed.GetValue(mebibytes), parsed.GetValue(rate),
            new Output(results, messages, parsed.GetValue(json))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(int entries, int mebibytes, int rate, Output output)
    {
        try
        {
            var run = new CatchUpRun(rate, output.Message);
            CatchUpResult[] results = [await run.EntriesAsync(entries), .. await run.SnapshotsAsync(mebibytes)];
            foreach (var result in results)
            {
                output.Line($"{result.What}: {result.Seconds:F1} s; p99 of clients {result.P99Before:F1} ms before, "
                    + $"{result.P99During:F1} ms during it ({result.Ratio:F1} x), {result.Errors} errors");
            }

            output.Object(json =>
            {
                json.WriteStartArray("members");
                foreach (var result in results)
                {
                    json.WriteStartObject();
                    json.WriteString("what", result.What);
                    json.WriteNumber("seconds", Math.Round(result.Seconds, 2));
                    json.WriteNumber("p99BeforeMs", Math.Round(result.P99Before, 2));
                    json.WriteNumber("p99DuringMs", Math.Round(result.P99During, 2));
                    json.WriteNumber("errors", result.Errors);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            });
            var holds = results.All(result => result.Holds);
            if (entries >= FullEntries && mebibytes >= FullMebibytes)
                Scoreboard.Record(ScoreName, string.Join("; ", results.Select(r => $"{r.What} {r.Seconds:F0} s, {r.Ratio:F1} x")), holds);
            return holds ? ExitCode.Done : ExitCode.Failed;
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException or ChaosException)
        {
            return output.Fail(new Problem("a member did not catch up.", problem.Message, "balsa chaos catch-up --help"), ExitCode.Failed);
        }
    }
}
