using System.Text.Json;
using Balsa.Cli.Chaos;
using Balsa.Cli.Chaos.Networks;
using Balsa.Cli.Chaos.Rounds;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Check;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos --rounds N`: a campaign against a cluster of real processes, from the seed to the exit code.</summary>
internal sealed class RoundsAction(Output output, int nodes, int seed)
{
    private const string ScoreName = "kill -9 campaign: nothing lost, nothing doubled, linearizable";
    private const string OutageScoreName = "failover after kill -9 of the leader: p50 <= 0.5 s, p99 <= 1 s";
    private const int RoundsOfTheScore = 200;

    /// <summary>Where the history is written even when all is well; null for nowhere.</summary>
    public string? HistoryPath { get; init; }

    /// <summary>A mistake that is planted.</summary>
    public HarmKind Harm { get; init; }

    /// <summary>No other kind of fault; null for all.</summary>
    public ClusterFault? Only { get; init; }

    /// <summary>Why no cable can be cut; null when it can.</summary>
    private readonly string? _whyNoCuts = NodeNetworks.WhyNot();

    public async Task<int> RunAsync(int rounds, TimeSpan? longest)
    {
        using var stop = new StopRequest();
        if (_whyNoCuts is not null && Only is { } only && Campaign.Cuts.Contains(only))
            return output.Fail(new Problem("nothing was tried.", $"No cable can be cut: {_whyNoCuts}.", "balsa chaos"), ExitCode.Unknown);
        try
        {
            var folder = Directory.CreateTempSubdirectory("balsa-chaos-").FullName;
            output.Message($"seed {seed}, data in {folder}");
            if (_whyNoCuts is not null) output.Message($"no cables are cut: {_whyNoCuts}");
            using var networks = _whyNoCuts is null ? NodeNetworks.Create(nodes) : null;
            var plan = DevPlan.Make(nodes, folder, basePort: null);
            var campaign = new Campaign(networks?.Place(plan) ?? plan, networks, seed, output.Message, Harm) { Only = Only };
            await campaign.RunAsync(rounds, longest, stop.Token);
            CampaignJudge.Decide(campaign.History, campaign.Report);
            if (HistoryPath is not null) File.WriteAllLines(HistoryPath, HistoryWriter.Lines(campaign.History));
            Evidence.Keep(output, folder, campaign.Report, campaign.History);
            return Print(campaign.Report);
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Unknown);
        }
        catch (ChaosException problem)
        {
            return output.Fail(new Problem("the campaign could not begin.", problem.Message, "balsa chaos --help"), ExitCode.Unknown);
        }
    }

    private int Print(CampaignReport report)
    {
        var (word, _) = CheckFiles.Tell(report.Judgement.Verdict);
        var figure = $"{report.Rounds} rounds, {report.Acknowledged} acknowledged, {report.Lost} lost, {report.Doubled} doubled, {word}";
        if (report.Failure is not null) output.Message($"the campaign ended early: {report.Failure}");
        output.Line(figure);
        output.Line(
            $"{report.OutagesMs.Count} kills of a leader: writes stood still for {report.OutageMs(0.5):F0} ms (p50), "
            + $"{report.OutageMs(0.99):F0} ms (p99), {report.OutageMs(1):F0} ms (longest); {Target(report)}");
        output.Line(
            $"{report.Operations} operations, {report.UnknownOutcomes} of unknown outcome, judged in {report.JudgeSeconds:F1} s; "
            + $"{report.SearchedKeys} keys searched as well");
        foreach (var line in WindowText.Of(report.Judgement)) output.Line(line);
        output.Object(writer => Write(writer, report, word));
        var holds = report.Holds;
        if (report.Rounds >= RoundsOfTheScore && Harm == HarmKind.None) Record(report, figure, holds);
        if (report.IsBroken || (report.IsOutageJudged && !report.MeetsOutageTargets)) return ExitCode.Failed;
        // Where nothing was acknowledged nothing could be lost.
        return holds && report.Acknowledged > 0 && report.Rounds > 0 ? ExitCode.Done : ExitCode.Unknown;
    }

    private static string Target(CampaignReport report)
    {
        var target = $"at most {CampaignReport.OutageP50MsAllowed:F0} and {CampaignReport.OutageP99MsAllowed:F0} ms are promised";
        if (report.IsOutageJudged) return target + (report.MeetsOutageTargets ? "" : ", and this is more");
        var others = report.OthersShare is { } share ? $"others took {share:P0} of the machine" : "nobody knows what else the machine did";
        return $"{target}; not judged: {report.OutagesMs.Count} kills, {others}";
    }

    private static void Record(CampaignReport report, string figure, bool holds)
    {
        Scoreboard.Record(ScoreName, figure, holds);
        var outage = $"p50 {report.OutageMs(0.5):F0} ms, p99 {report.OutageMs(0.99):F0} ms, max {report.OutageMs(1):F0} ms"
            + $" of {report.OutagesMs.Count} kills; others took {report.OthersShare:P0} of the machine";
        Scoreboard.Record(OutageScoreName, outage, report.MeetsOutageTargets);
    }

    private void Write(Utf8JsonWriter writer, CampaignReport report, string verdict)
    {
        writer.WriteNumber("rounds", report.Rounds);
        writer.WriteNumber("acknowledged", report.Acknowledged);
        writer.WriteNumber("lost", report.Lost);
        writer.WriteNumber("doubled", report.Doubled);
        writer.WriteNumber("unavailableP50Ms", Math.Round(report.OutageMs(0.5), 1));
        writer.WriteNumber("unavailableP99Ms", Math.Round(report.OutageMs(0.99), 1));
        writer.WriteNumber("unavailableMaxMs", Math.Round(report.OutageMs(1), 1));
        writer.WriteNumber("leaderKills", report.OutagesMs.Count);
        writer.WriteStartObject("faults");
        foreach (var (kind, count) in report.Faults) writer.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), count);
        writer.WriteEndObject();
        writer.WriteStartObject("skipped");
        foreach (var kind in _whyNoCuts is null ? [] : Campaign.Cuts)
            writer.WriteString(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), _whyNoCuts);
        writer.WriteEndObject();
        writer.WriteBoolean("meetsOutageTargets", report.MeetsOutageTargets);
        writer.WriteBoolean("outageJudged", report.IsOutageJudged);
        if (report.OthersShare is { } share) writer.WriteNumber("othersShare", Math.Round(share, 3));
        writer.WriteString("verdict", verdict);
        writer.WriteNumber("operations", report.Operations);
        writer.WriteNumber("unknownOutcomes", report.UnknownOutcomes);
        writer.WriteNumber("searchedKeys", report.SearchedKeys);
        writer.WriteNumber("unfinishedSearches", report.UnfinishedSearches);
        writer.WriteNumber("judgeSeconds", Math.Round(report.JudgeSeconds, 2));
        if (report.Failure is not null) writer.WriteString("failure", report.Failure);
        writer.WriteNumber("seed", seed);
    }
}
