using System.CommandLine;
using System.Diagnostics;
using Balsa.Cli.Chaos;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos power-cut`: the storage that is shipped, on a real file system whose power fails.</summary>
internal static class PowerCutCommand
{
    private const int RoundsOfTheScore = 50;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var fileSystem = new Option<string>("--filesystem")
        {
            Description = "Which one: ext4 or xfs.", HelpName = "NAME", DefaultValueFactory = _ => "ext4",
        };
        fileSystem.AcceptOnlyFromAmong("ext4", "xfs");
        var rounds = new Option<int>("--rounds") { Description = "How many power cuts.", HelpName = "N", DefaultValueFactory = _ => 10 };
        NumberRange.Limit(rounds, 1, 1_000_000);
        var seed = new Option<int?>("--seed") { Description = "Decides when the power fails; otherwise one is drawn.", HelpName = "S" };
        var lying = new Option<bool>("--lying-syncs") { Description = "Syncs do nothing: the campaign must find that.", Hidden = true };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "power-cut", "Cuts the power of a file system under a writing process, and compares the disk with what was acknowledged. "
            + "Needs root.", "balsa chaos power-cut --filesystem xfs --rounds 50 --json");
        foreach (var option in new Option[] { fileSystem, rounds, seed, lying, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var name = parsed.GetRequiredValue(fileSystem);
            if (ChaosCommand.WhatIsMissing(LoopImage.NeededFor(name)) is { } missing) return output.Fail(missing, ExitCode.Unknown);
            return Run(output, name, parsed.GetValue(rounds), parsed.GetValue(seed) ?? Random.Shared.Next(), parsed.GetValue(lying));
        });
        return command;
    }

    private static int Run(Output output, string fileSystem, int rounds, int seed, bool lies)
    {
        using var stop = new StopRequest();
        var clock = Stopwatch.StartNew();
        output.Line($"seed {seed}");
        try
        {
            using var image = new LoopImage(fileSystem);
            var cuts = new PowerCuts(image, new Random(seed), lies, output.Message);
            while (cuts.Report.Rounds < rounds && !stop.IsMade) cuts.Round(stop.Token);
            return Print(output, fileSystem, seed, clock.Elapsed, cuts.Report);
        }
        catch (ChaosException problem)
        {
            return output.Fail(
                new Problem("the campaign could not be carried out.", problem.Message, "balsa chaos power-cut --help"), ExitCode.Unknown);
        }
    }

    private static int Print(Output output, string fileSystem, int seed, TimeSpan took, PowerCutReport report)
    {
        var figure = $"{report.Rounds} rounds, {report.Acknowledged} acknowledged, {report.Lost} lost, {report.Invented} invented, "
            + $"{report.FalseAlarms} false alarms";
        output.Line($"{fileSystem}: {figure} in {took.TotalSeconds:F0} s");
        output.Object(writer =>
        {
            writer.WriteNumber("rounds", report.Rounds);
            writer.WriteString("filesystem", fileSystem);
            writer.WriteNumber("acknowledged", report.Acknowledged);
            writer.WriteNumber("lost", report.Lost);
            writer.WriteNumber("invented", report.Invented);
            writer.WriteNumber("falseAlarms", report.FalseAlarms);
            writer.WriteNumber("truncations", report.Truncations);
            writer.WriteNumber("compactions", report.Compactions);
            writer.WriteNumber("seconds", Math.Round(took.TotalSeconds, 1));
            writer.WriteNumber("seed", seed);
        });
        if (report.Rounds >= RoundsOfTheScore)
            Scoreboard.Record($"power cut on {fileSystem}, nothing acknowledged lost", figure, report.Holds);
        if (!report.Holds) return ExitCode.Failed;
        // Where nothing was acknowledged nothing could be lost.
        return report.Acknowledged > 0 ? ExitCode.Done : ExitCode.Unknown;
    }
}
