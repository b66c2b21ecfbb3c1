using System.CommandLine;
using System.Text.Json;
using Balsa.Cli.Chaos;
using Balsa.Cli.Chaos.Builds;
using Balsa.Cli.Chaos.Rounds;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Check;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos two-builds`: a cluster of another build is upgraded to this one, a member at a time, and back.</summary>
internal static class TwoBuildsCommand
{
    internal const string ScoreName = "two builds: upgraded and taken back under load, nothing lost, nothing doubled, linearizable";
    private const int RoundsOfTheScore = 10;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var other = new Option<string?>("--other")
        {
            Description = "A directory with another build: its published output, its artifacts, or its checkout. Otherwise this build "
                + "takes both parts.",
            HelpName = "DIR",
        };
        var rounds = NumberRange.Option("--rounds", "How often all members change their build.", 2, 1, 100_000);
        var nodes = NumberRange.Option("--nodes", "How many members.", 3, 3, DevPlan.NodesMax);
        var seed = new Option<int?>("--seed") { Description = "Decides the order; otherwise one is drawn.", HelpName = "S" };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "two-builds", "Upgrades a cluster of another build to this one under load, a member at a time, and back where the feature "
            + "level allows it.",
            "balsa chaos two-builds --other ../balsa-before --rounds 10 --json", "balsa chaos two-builds --seed 7");
        foreach (var option in new Option[] { other, rounds, nodes, seed, json }) command.Options.Add(option);
        command.SetAction(parsed => RunAsync(
            new Output(results, messages, parsed.GetValue(json)), parsed.GetValue(other), parsed.GetValue(rounds),
            parsed.GetValue(nodes), parsed.GetValue(seed) ?? Random.Shared.Next()).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(Output output, string? directory, int rounds, int nodes, int seed)
    {
        using var stop = new StopRequest();
        try
        {
            var other = directory is null ? BuildOnDisk.Again() : BuildOnDisk.In(directory);
            var folder = Directory.CreateTempSubdirectory("balsa-builds-").FullName;
            output.Message($"seed {seed}, from {other.Version} to {BuildOnDisk.Present.Version}, data in {folder}");
            var run = new TwoBuildsRun(DevPlan.Make(nodes, folder, basePort: null), other, seed, output.Message);
            await run.RunAsync(rounds, stop.Token);
            CampaignJudge.Decide(run.History, run.Report.Campaign);
            Evidence.Keep(output, folder, run.Report.Campaign, run.History);
            return Print(output, run, other, seed);
        }
        catch (ChaosException problem)
        {
            return output.Fail(
                new Problem("nothing was tried.", $"{problem.Message}.", "balsa chaos two-builds --help"), ExitCode.Usage);
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Unknown);
        }
    }

    private static int Print(Output output, TwoBuildsRun run, BuildOnDisk other, int seed)
    {
        var (report, campaign) = (run.Report, run.Report.Campaign);
        var (word, _) = CheckFiles.Tell(campaign.Judgement.Verdict);
        var figure = $"{report.Upgrades} upgrades, {report.Downgrades} downgrades, {campaign.Acknowledged} acknowledged, "
            + $"{campaign.Lost} lost, {campaign.Doubled} doubled, {word}";
        if (campaign.Failure is not null) output.Message($"the run ended early: {campaign.Failure}");
        if (!run.MayGoBack) output.Line($"no way back: {other.Version} knows feature level {other.FeatureLevel} only");
        output.Line($"{figure}; at most {report.LongestOutageMs:F0} ms without a write");
        foreach (var line in WindowText.Of(campaign.Judgement)) output.Line(line);
        output.Object(writer => Write(writer, report, other, word, seed));
        var holds = campaign.Holds;
        if (campaign.Rounds >= RoundsOfTheScore) Scoreboard.Record(ScoreName, figure, holds);
        if (campaign.IsBroken) return ExitCode.Failed;
        return holds && campaign.Acknowledged > 0 && campaign.Rounds > 0 ? ExitCode.Done : ExitCode.Unknown;
    }

    private static void Write(Utf8JsonWriter writer, TwoBuildsReport report, BuildOnDisk other, string verdict, int seed)
    {
        var campaign = report.Campaign;
        writer.WriteNumber("rounds", campaign.Rounds);
        writer.WriteNumber("upgrades", report.Upgrades);
        writer.WriteNumber("downgrades", report.Downgrades);
        writer.WriteString("other", other.Version);
        writer.WriteString("present", BuildOnDisk.Present.Version);
        writer.WriteNumber("acknowledged", campaign.Acknowledged);
        writer.WriteNumber("lost", campaign.Lost);
        writer.WriteNumber("doubled", campaign.Doubled);
        writer.WriteNumber("unavailableMaxMs", Math.Round(report.LongestOutageMs, 1));
        writer.WriteString("verdict", verdict);
        writer.WriteNumber("operations", campaign.Operations);
        writer.WriteNumber("unknownOutcomes", campaign.UnknownOutcomes);
        if (campaign.Failure is not null) writer.WriteString("failure", campaign.Failure);
        writer.WriteNumber("seed", seed);
    }
}
