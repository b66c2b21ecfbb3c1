using System.CommandLine;
using System.Diagnostics;
using Balsa.Cli.Chaos;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos disk-full`: a running node whose disk has no room left for a while.</summary>
internal static class DiskFullCommand
{
    private const string ScoreName = "disk full: refused, readable, taken again within 2 s, nothing lost";
    private const int RoundsOfTheScore = 10, DiskMegabytes = 64;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var rounds = new Option<int>("--rounds") { Description = "How many times.", HelpName = "N", DefaultValueFactory = _ => 3 };
        NumberRange.Limit(rounds, 1, 100_000);
        var seed = new Option<int?>("--seed") { Description = "Decides the moments; otherwise one is drawn.", HelpName = "S" };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "disk-full", "Fills the disk of a running node, makes room again, and looks what became of its promises. Needs root.",
            "balsa chaos disk-full --rounds 10 --json");
        foreach (var option in new Option[] { rounds, seed, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            if (ChaosCommand.WhatIsMissing(SmallDisk.Needed) is { } missing) return output.Fail(missing, ExitCode.Unknown);
            var drawn = parsed.GetValue(seed) ?? Random.Shared.Next();
            return RunAsync(output, parsed.GetValue(rounds), drawn).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(Output output, int rounds, int seed)
    {
        using var stop = new StopRequest();
        var clock = Stopwatch.StartNew();
        output.Line($"seed {seed}");
        try
        {
            using var disk = new SmallDisk(DiskMegabytes);
            var campaign = new FullDisks(disk, new Random(seed), output.Message);
            while (campaign.Report.Rounds < rounds && !stop.IsMade) await campaign.RoundAsync(stop.Token);
            return Print(output, seed, clock.Elapsed, campaign.Report);
        }
        catch (ChaosException problem)
        {
            return output.Fail(
                new Problem("the campaign could not be carried out.", problem.Message, "balsa chaos disk-full --help"), ExitCode.Failed);
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
    }

    private static int Print(Output output, int seed, TimeSpan took, DiskFullReport report)
    {
        var longest = report.ResumedMs.DefaultIfEmpty().Max();
        var figure = $"{report.Rounds} rounds, {report.Refused} writes refused, {report.Lost} lost, {report.Wrong} wrong answers, "
            + $"writes again after {longest:F0} ms at most";
        output.Line($"{figure}, in {took.TotalSeconds:F0} s");
        output.Object(writer =>
        {
            writer.WriteNumber("rounds", report.Rounds);
            writer.WriteNumber("acknowledged", report.Acknowledged);
            writer.WriteNumber("refused", report.Refused);
            writer.WriteNumber("resumedMaxMs", Math.Round(longest, 1));
            writer.WriteNumber("resumedMs", Math.Round(report.ResumedMs.DefaultIfEmpty().Average(), 1));
            writer.WriteNumber("wrong", report.Wrong);
            writer.WriteNumber("lost", report.Lost);
            writer.WriteNumber("seconds", Math.Round(took.TotalSeconds, 1));
            writer.WriteNumber("seed", seed);
        });
        if (report.Rounds >= RoundsOfTheScore) Scoreboard.Record(ScoreName, figure, report.Holds);
        return report.Holds ? ExitCode.Done : ExitCode.Failed;
    }
}
