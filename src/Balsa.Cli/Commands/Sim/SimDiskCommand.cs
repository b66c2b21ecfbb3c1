using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Disks.Drills;
using Balsa.Storage.Probes;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim disk`: storage on a disk that loses, tears, corrupts, lies and refuses, round after round.</summary>
internal static class SimDiskCommand
{
    internal const string ScoreName = "disk drill: 200000 rounds, undetected, lost, invented, false alarms 0";
    private const int RoundsOfTheScore = 200_000, RoundsMax = 1_000_000_000, ShownMax = 20;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var rounds = new Option<int>("--rounds") { Description = "How many rounds.", DefaultValueFactory = _ => 2000, HelpName = "N" };
        NumberRange.Limit(rounds, 1, RoundsMax);
        var seed = new Option<ulong>("--seed") { Description = "The seed of the first.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var parallel = new Option<int>("--parallel") { Description = "Threads.", DefaultValueFactory = _ => 1, HelpName = "P" };
        NumberRange.Limit(parallel, 1, 256);
        var mutant = new Option<StorageMutant?>("--mutant") { Description = "A mistake that is planted.", HelpName = "NAME" };
        var trace = new Option<bool>("--trace") { Description = "With one round: one line a step." };
        var command = new CliCommand(
            "disk", "Crashes, damages and refuses storage at every point, and compares what it reads back with the truth.",
            "balsa sim disk --rounds 20000 --parallel 2", "balsa sim disk --rounds 1 --seed 42 --trace");
        foreach (var option in (ReadOnlySpan<Option>)[json, rounds, seed, parallel, mutant, trace]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            if (!parsed.GetValue(trace))
                return Run(output, parsed.GetValue(mutant), parsed.GetValue(seed), parsed.GetValue(rounds), parsed.GetValue(parallel));
            if (parsed.GetValue(rounds) == 1) return Tell(output, parsed.GetValue(mutant), parsed.GetValue(seed));
            return output.Fail(
                new Problem("--trace is for one round.", "Nothing was run.", "balsa sim disk --rounds 1 --seed 42 --trace"),
                ExitCode.Usage);
        });
        return command;
    }

    private static int Run(Output output, StorageMutant? mutant, ulong first, int rounds, int parallel)
    {
        var clock = Stopwatch.StartNew();
        var report = RunRounds(mutant, first, rounds, parallel);
        var seconds = clock.Elapsed.TotalSeconds;
        for (var i = 0; i < Math.Min(ShownMax, report.Failing.Count); i++)
        {
            output.Message($"seed {report.Failing[i].Seed}: {report.Failing[i].Finding}: {report.Failing[i].Text}");
            output.Message($"  again: {CommandOf(report.Failing[i].Seed, mutant)}");
        }
        foreach (var missing in report.NeverHit()) output.Message($"never happened: {missing}");
        var sound = !report.HasFindings && report.NeverHit().Count == 0;
        output.Line(
            $"{report.Rounds} rounds, {report.CrashPoints} crashes, {report.Corruptions} corruptions, "
            + $"{report.SiteFailures} failed steps at {report.SitesHit} places in {seconds:F1} s");
        output.Line(
            $"{report.Count(DiskFinding.Undetected)} undetected, {report.Count(DiskFinding.Lost)} lost, "
            + $"{report.Count(DiskFinding.Invented)} invented, {report.Count(DiskFinding.FalseAlarm)} false alarms, "
            + $"{report.Count(DiskFinding.StoppedLate)} stopped late, {report.Count(DiskFinding.WrongReaction)} wrong reactions, "
            + $"{report.Count(DiskFinding.Broken)} broken");
        output.Line($"hash {report.Hash:x16}");
        output.Object(writer => Write(writer, report, mutant, seconds));
        if (mutant is null && rounds >= RoundsOfTheScore) Record(report, sound);
        return sound ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Tell(Output output, StorageMutant? mutant, ulong seed)
    {
        var drill = new DiskDrill(mutant) { Listener = output.IsJson ? output.Message : output.Line };
        var failure = drill.Run(seed);
        output.Line(failure is { } found ? $"seed {seed}: {found.Finding}: {found.Text}" : $"seed {seed}: all holds");
        output.Object(writer => Write(writer, drill.Report, mutant, 0));
        return failure is null ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Each thread plays every P-th round; the sums do not depend on who played which.</summary>
    private static DiskDrillReport RunRounds(StorageMutant? mutant, ulong first, int rounds, int parallel)
    {
        var reports = new DiskDrillReport[parallel];
        Parallel.For(0, parallel, new ParallelOptions { MaxDegreeOfParallelism = parallel }, thread =>
        {
            var drill = new DiskDrill(mutant);
            for (var i = thread; i < rounds; i += parallel) drill.Run(first + (ulong)i);
            reports[thread] = drill.Report;
        });
        var all = new DiskDrillReport();
        foreach (var report in reports) all.Add(report);
        return all;
    }

    private static string CommandOf(ulong seed, StorageMutant? mutant) =>
        $"balsa sim disk --rounds 1 --seed {seed}{(mutant is null ? "" : $" --mutant {mutant}")}";

    private static void Write(Utf8JsonWriter json, DiskDrillReport report, StorageMutant? mutant, double seconds)
    {
        json.WriteNumber("rounds", report.Rounds);
        json.WriteNumber("crashPoints", report.CrashPoints);
        json.WriteNumber("corruptions", report.Corruptions);
        json.WriteNumber("undetected", report.Count(DiskFinding.Undetected));
        json.WriteNumber("lost", report.Count(DiskFinding.Lost));
        json.WriteNumber("invented", report.Count(DiskFinding.Invented));
        json.WriteNumber("falseAlarms", report.Count(DiskFinding.FalseAlarm));
        json.WriteNumber("stoppedLate", report.Count(DiskFinding.StoppedLate));
        json.WriteNumber("wrongReactions", report.Count(DiskFinding.WrongReaction));
        json.WriteNumber("broken", report.Count(DiskFinding.Broken));
        json.WriteNumber("noticed", report.Noticed);
        json.WriteNumber("harmless", report.Harmless);
        json.WriteNumber("rolledBack", report.RolledBack);
        json.WriteNumber("repairs", report.Repairs);
        json.WriteStartObject("unclosedDamage");
        json.WriteNumber("injected", report.UnconfirmedInjected);
        json.WriteNumber("noticed", report.UnconfirmedNoticed);
        json.WriteEndObject();
        json.WriteNumber("sites", report.SitesHit);
        json.WriteNumber("siteFailures", report.SiteFailures);
        json.WriteStartObject("corruptionsByKind");
        for (var kind = 0; kind < DiskDrillReport.CorruptionNames.Count; kind++)
            json.WriteNumber(DiskDrillReport.CorruptionNames[kind], report.CountCorruptions(kind));
        json.WriteEndObject();
        json.WriteStartObject("failuresBySite");
        foreach (var site in DiskDrill.Sites) json.WriteNumber(site.ToString(), report.CountFailures(site));
        json.WriteEndObject();
        json.WriteStartArray("neverHit");
        foreach (var missing in report.NeverHit()) json.WriteStringValue(missing);
        json.WriteEndArray();
        json.WriteString("hash", report.Hash.ToString("x16", null));
        json.WriteNumber("seconds", Math.Round(seconds, 2));
        json.WriteStartArray("failing");
        foreach (var failure in report.Failing)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", failure.Seed);
            json.WriteString("finding", failure.Finding.ToString());
            json.WriteString("text", failure.Text);
            json.WriteString("again", CommandOf(failure.Seed, mutant));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Record(DiskDrillReport report, bool sound) => Scoreboard.Record(
        ScoreName,
        $"{report.Count(DiskFinding.Undetected)} undetected, {report.Count(DiskFinding.Lost)} lost, "
        + $"{report.Count(DiskFinding.Invented)} invented, {report.Count(DiskFinding.FalseAlarm)} false alarms, "
        + $"{report.Corruptions} corruptions, {report.Rounds} rounds", sound);
}
