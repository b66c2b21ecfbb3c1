using Balsa.Cli.Chaos.Endurance;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos quiet`: nothing happens, and nothing may happen.</summary>
internal static class QuietCommand
{
    internal const string ScoreName = "a quiet cluster for 10 minutes: no leader change, idle CPU < 2 % of a core a node, memory flat";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var length = Duration.Option("--length", "For how long nothing happens.", TimeSpan.FromMinutes(10));
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "quiet", "A cluster of three that nobody asks anything keeps its leader, its processor time and its memory.",
            "balsa chaos quiet", "balsa chaos quiet --length 1m --json");
        command.Options.Add(length);
        command.Options.Add(json);
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(length), new Output(results, messages, parsed.GetValue(json))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan length, Output output)
    {
        if (!OperatingSystem.IsLinux())
            return output.Fail(new Problem("nothing was measured.", "Only Linux says what a process takes.", "balsa chaos --help"),
                ExitCode.Unknown);
        try
        {
            var result = await new QuietRun(output.Message).RunAsync(3, length);
            output.Line($"{result.Minutes:F1} minutes, {result.LeaderChanges} changes of the leader");
            output.Line($"{result.CpuShareMax:P2} of a processor by the busiest node");
            output.Line($"{result.GrowthBytesMax / 1e6:F1} MB more memory at most, {result.ResidentBytesMax / 1e6:F0} MB in all");
            output.Object(writer =>
            {
                writer.WriteNumber("minutes", Math.Round(result.Minutes, 2));
                writer.WriteNumber("leaderChanges", result.LeaderChanges);
                writer.WriteNumber("cpuShareMax", Math.Round(result.CpuShareMax, 5));
                writer.WriteNumber("growthBytesMax", result.GrowthBytesMax);
                writer.WriteNumber("residentBytesMax", result.ResidentBytesMax);
            });
            if (length >= TimeSpan.FromMinutes(10))
            {
                Scoreboard.Record(
                    ScoreName,
                    $"{result.LeaderChanges} changes, {result.CpuShareMax:P2} of a core, {result.GrowthBytesMax / 1e6:F1} MB more",
                    result.Holds);
            }

            return result.Holds ? ExitCode.Done : ExitCode.Failed;
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
    }
}
