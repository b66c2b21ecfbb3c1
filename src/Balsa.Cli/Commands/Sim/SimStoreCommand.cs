using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.KeyValue.Probes;
using Balsa.Simulation.Stores.Drills;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim store`: the store against a model that is small enough to be believed, round after round.</summary>
internal static class SimStoreCommand
{
    internal const string ScoreName = "store drill: 10,000 rounds against the model, 0 differences";
    private const int RoundsMax = 1_000_000_000, ShownMax = 10, RoundsThatCount = 10_000;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var rounds = new Option<int>("--rounds") { Description = "How many rounds.", DefaultValueFactory = _ => 1000, HelpName = "N" };
        NumberRange.Limit(rounds, 1, RoundsMax);
        var first = new Option<ulong>("--first") { Description = "The seed of the first.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var parallel = new Option<int>("--parallel") { Description = "Threads.", DefaultValueFactory = _ => 1, HelpName = "K" };
        NumberRange.Limit(parallel, 1, 256);
        var mutant = new Option<StoreMutant?>("--mutant") { Description = "A mistake that is planted.", HelpName = "NAME" };
        var command = new CliCommand(
            "store", "Compares every answer, event, hash and snapshot of the store with a naive model of it.",
            "balsa sim store --rounds 10000 --parallel 2", "balsa sim store --rounds 1 --first 42");
        foreach (var option in (ReadOnlySpan<Option>)[json, rounds, first, parallel, mutant]) command.Options.Add(option);
        command.SetAction(parsed => Run(
            new Output(results, messages, parsed.GetValue(json)), parsed.GetValue(mutant), parsed.GetValue(first),
            parsed.GetValue(rounds), parsed.GetValue(parallel)));
        return command;
    }

    private static int Run(Output output, StoreMutant? mutant, ulong first, int rounds, int parallel)
    {
        var clock = Stopwatch.StartNew();
        var report = RunRounds(mutant, first, rounds, parallel);
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var failure in report.Failing.Take(ShownMax))
        {
            output.Message($"seed {failure.Seed}: {failure.Finding}: {failure.Text}");
            output.Message($"  again: balsa sim store --rounds 1 --first {failure.Seed}{(mutant is null ? "" : $" --mutant {mutant}")}");
        }

        var missing = report.NeverHit();
        foreach (var never in missing) output.Message($"never happened: {never}");
        output.Line(
            $"{report.Rounds} rounds, {report.Commands} commands, {report.Queries} queries, {report.Events} events, "
            + $"{report.Hashes} hashes and {report.Snapshots} snapshots compared in {seconds:F1} s");
        output.Line($"{report.Failing.Count} differences");
        output.Object(writer => Write(writer, report, missing, seconds));
        var holds = report.Failing.Count == 0 && missing.Count == 0;
        if (rounds >= RoundsThatCount && mutant is null)
        {
            Scoreboard.Record(
                ScoreName,
                $"{report.Failing.Count} differences in {report.Rounds} rounds: {report.Commands} answers, {report.Queries} queries, "
                + $"{report.Events} events, {report.Snapshots} snapshots", holds);
        }

        return holds ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Each thread plays every K-th round; the sums do not depend on who played which.</summary>
    private static StoreDrillReport RunRounds(StoreMutant? mutant, ulong first, int rounds, int parallel)
    {
        var reports = new StoreDrillReport[parallel];
        Parallel.For(0, parallel, new ParallelOptions { MaxDegreeOfParallelism = parallel }, thread =>
        {
            var drill = new StoreDrill(mutant);
            for (var i = thread; i < rounds; i += parallel)
            {
                // The first few are made smaller, which takes long; that the others fail, too, is enough to know.
                drill.Shrinks = drill.Report.Failing.Count < ShownMax;
                drill.Run(first + (ulong)i);
            }

            reports[thread] = drill.Report;
        });
        var all = new StoreDrillReport();
        foreach (var report in reports) all.Add(report);
        return all;
    }

    private static void Write(Utf8JsonWriter json, StoreDrillReport report, IReadOnlyList<string> missing, double seconds)
    {
        json.WriteNumber("rounds", report.Rounds);
        json.WriteNumber("commands", report.Commands);
        json.WriteNumber("answersCompared", report.Commands);
        json.WriteNumber("queriesCompared", report.Queries);
        json.WriteNumber("eventsCompared", report.Events);
        json.WriteNumber("hashesCompared", report.Hashes);
        json.WriteNumber("snapshots", report.Snapshots);
        json.WriteNumber("differences", report.Failing.Count);
        json.WriteStartArray("failingSeeds");
        foreach (var failure in report.Failing) json.WriteNumberValue(failure.Seed);
        json.WriteEndArray();
        json.WriteStartArray("neverHit");
        foreach (var never in missing) json.WriteStringValue(never);
        json.WriteEndArray();
        json.WriteNumber("wallSeconds", Math.Round(seconds, 2));
        json.WriteStartArray("failing");
        foreach (var failure in report.Failing)
        {
            json.WriteStartObject();
            json.WriteNumber("seed", failure.Seed);
            json.WriteString("finding", failure.Finding.ToString());
            json.WriteString("text", failure.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
