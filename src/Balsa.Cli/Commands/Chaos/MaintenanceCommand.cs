using System.CommandLine;
using System.Text.Json;
using Balsa.Cli.Chaos.Upkeep;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos maintenance`: operators at work on a cluster in use, and no client may notice more than a delay.</summary>
internal static class MaintenanceCommand
{
    internal const string ScoreName = "zero failed operations while the leader is stopped by SIGTERM, moved or replaced under load";
    private const int RoundsOfTheScore = 24;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var rounds = NumberRange.Option("--rounds", "How many steps of maintenance.", RoundsOfTheScore, 1, 1_000_000);
        var seed = NumberRange.Option("--seed", "With which kind of step it begins.", 0, 0, int.MaxValue);
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "maintenance", "Stops, moves, adds, removes and replaces members under load; no operation may fail.",
            "balsa chaos maintenance --rounds 24 --json", "balsa chaos maintenance --rounds 6");
        foreach (var option in new Option[] { rounds, seed, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            if (ChaosCommand.WhatTheRoundsMiss() is { } missing) return output.Fail(missing, ExitCode.Unknown);
            return RunAsync(parsed.GetValue(rounds), parsed.GetValue(seed), output).GetAwaiter().GetResult();
        });
        return command;
    }

    private static async Task<int> RunAsync(int rounds, int seed, Output output)
    {
        using var stop = new StopRequest();
        try
        {
            var run = new UpkeepRun(seed, output.Message);
            await run.RunAsync(rounds, stop.Token);
            return Print(run, output, stop.IsMade);
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Unknown);
        }
    }

    private static int Print(UpkeepRun run, Output output, bool wasInterrupted)
    {
        var figure = $"{run.Rounds} steps, {run.Operations} operations, {run.Failed} failed; "
            + $"p99 {run.P99BeforeMs:F1} ms before, {run.P99DuringMs:F1} ms during it";
        if (run.Failure is not null) output.Message($"it ended early: {run.Failure}");
        foreach (var failure in run.Failures) output.Message($"failed: {failure}");
        output.Line($"{figure}; the longest took {run.LongestMs:F0} ms");
        output.Object(json => Write(json, run));
        // Clients of nodes that were interrupted with us may well have failed.
        if (wasInterrupted) return ExitCode.Unknown;
        if (run.Rounds >= RoundsOfTheScore) Scoreboard.Record(ScoreName, figure, run.Holds);
        return run.Holds ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Write(Utf8JsonWriter json, UpkeepRun run)
    {
        json.WriteNumber("rounds", run.Rounds);
        json.WriteNumber("operations", run.Operations);
        json.WriteNumber("failed", run.Failed);
        json.WriteNumber("p99BeforeMs", Math.Round(run.P99BeforeMs, 2));
        json.WriteNumber("p99DuringMs", Math.Round(run.P99DuringMs, 2));
        json.WriteNumber("longestMs", Math.Round(run.LongestMs, 1));
        json.WriteStartObject("steps");
        foreach (var (kind, count) in run.Done) json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()), count);
        json.WriteEndObject();
        json.WriteStartArray("failures");
        foreach (var failure in run.Failures) json.WriteStringValue(failure);
        json.WriteEndArray();
        if (run.Failure is not null) json.WriteString("failure", run.Failure);
    }
}
