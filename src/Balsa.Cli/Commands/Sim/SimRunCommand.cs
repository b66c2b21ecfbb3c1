using System.CommandLine;
using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim run`: many seeds and what they add up to, or one seed and what happened in it.</summary>
internal static class SimRunCommand
{
    private const int SeedsOfTheScore = 5000, SeedsOfTheFullScore = 1000, HitsMin = 1000;
    private const double SpeedupMin = 300;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var seeds = new Option<int>("--seeds")
        {
            Description = "How many seeds (1 to 100000000).", DefaultValueFactory = _ => 100, HelpName = "N",
        };
        var first = new Option<ulong>("--first") { Description = "The first of them.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var seed = new Option<ulong?>("--seed") { Description = "Only this seed.", HelpName = "S" };
        var trace = new Option<bool>("--trace") { Description = "With --seed: one line an event." };
        var parallel = new Option<int>("--parallel") { Description = "Threads.", DefaultValueFactory = _ => 1, HelpName = "P" };
        var request = new RequestOptions();
        var command = new CliCommand(
            "run", "Runs seeds: each is a cluster, its users and its faults, and oracles that trust no member's word.",
            "balsa sim run --seeds 1000 --parallel 2", "balsa sim run --world full --seeds 200", "balsa sim run --seed 42 --trace");
        foreach (var option in (ReadOnlySpan<Option>)[json, seeds, first, seed, trace, parallel]) command.Options.Add(option);
        request.AddTo(command);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var wrong = request.TryMake(parsed, parsed.GetValue(seed) ?? 0, out var made);
            if (wrong is null && parsed.GetValue(seeds) is < 1 or > 100_000_000) wrong = "--seeds must be between 1 and 100000000.";
            if (wrong is null && parsed.GetValue(parallel) is < 1 or > 256) wrong = "--parallel must be between 1 and 256.";
            if (wrong is null && parsed.GetValue(trace) && parsed.GetValue(seed) is null) wrong = "--trace needs --seed.";
            if (wrong is not null) return output.Fail(new Problem(wrong, "Nothing was run.", "balsa sim run --help"), ExitCode.Usage);
            if (parsed.GetValue(seed) is not null) return RunOne(output, made, parsed.GetValue(trace));
            return RunMany(output, made, parsed.GetValue(first), parsed.GetValue(seeds), parsed.GetValue(parallel));
        });
        return command;
    }

    private static int RunOne(Output output, SimulationRequest request, bool trace)
    {
        if (trace) request = request with { Listener = output.IsJson ? output.Message : output.Line };
        var result = SimulationRunner.Run(request);
        output.Line($"seed {result.Seed}: {(result.Failed ? result.Failure : "all holds")}");
        var simulated = result.SimulatedTicks / (double)TimeSpan.TicksPerSecond;
        output.Line(
            $"trace hash {result.TraceHash:x16}, {result.Events} events, {simulated:F1} simulated seconds, "
            + $"{result.Committed} entries committed");
        output.Object(json =>
        {
            json.WriteString("traceHash", result.TraceHash.ToString("x16", null));
            json.WriteNumber("violations", result.Violation is null ? 0 : 1);
            json.WriteNumber("stuck", result.Stuck is null ? 0 : 1);
            json.WriteNumber("events", result.Events);
            json.WriteString("failure", result.Failure);
        });
        return result.Failed ? ExitCode.Failed : ExitCode.Done;
    }

    private static int RunMany(Output output, SimulationRequest request, ulong first, int seeds, int parallel)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var report = RunSeeds(request, first, seeds, parallel);
        var seconds = clock.Elapsed.TotalSeconds;
        // Of the processor: whoever else works on this machine makes the run longer, and its code no slower.
        var processor = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        var simulated = report.SimulatedTicks / (double)TimeSpan.TicksPerSecond;
        foreach (var (seed, failure) in report.Failures)
        {
            output.Message($"seed {seed}: {failure}");
            output.Message($"  replay: balsa sim run {Shrinker.ArgumentsOf(request with { Seed = seed })} --trace");
        }
        foreach (var missing in report.NeverHit()) output.Message($"never happened: {missing}");
        output.Line($"{report.Seeds} seeds: {report.Violations} violations, {report.Stuck} stuck");
        output.Line(
            $"{report.Events} events, {simulated:F0} simulated seconds in {seconds:F1} s: "
            + $"{simulated / seconds:F0} times real time, {report.Events / seconds:F0} events a second; "
            + $"{processor:F1} s of a core: {simulated / processor:F0} times real time a core");
        output.Object(json =>
        {
            json.WriteNumber("seeds", report.Seeds);
            json.WriteNumber("violations", report.Violations);
            json.WriteNumber("stuck", report.Stuck);
            json.WriteNumber("beyondBudget", report.BeyondBudget);
            json.WriteNumber("events", report.Events);
            json.WriteNumber("operations", report.Operations);
            json.WriteNumber("simulatedSeconds", Math.Round(simulated, 1));
            json.WriteNumber("wallSeconds", Math.Round(seconds, 2));
            json.WriteNumber("processorSeconds", Math.Round(processor, 2));
            json.WriteNumber("speedup", Math.Round(simulated / seconds));
            json.WriteNumber("speedupACore", Math.Round(simulated / processor));
            json.WriteNumber("eventsPerSecond", Math.Round(report.Events / seconds));
            WriteCounts(json, report);
        });
        if (LeavesNothingOut(request)) Record(report, simulated / processor);
        return report.Failures.Count > 0 || report.NeverHit().Count > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static bool LeavesNothingOut(SimulationRequest request) =>
        request is { Mutant: null, Without.Count: 0, Dropped.Count: 0, Nodes: 0, Clients: 0, Seconds: 0 };

    private static void Record(RunReport report, double speedupACore)
    {
        var sound = report.Failures.Count == 0 && report.NeverHit().Count == 0;
        var counts = $"{report.Violations} violations, {report.Stuck} stuck in {report.Seeds} seeds";
        if (report.World == WorldKind.Full)
        {
            if (report.Seeds < SeedsOfTheFullScore) return;
            var (rarest, hits) = report.Rarest();
            Scoreboard.Record(
                "full world: 1,000 seeds, 0 violations, 0 stuck, >= 300 x real time a core",
                $"{counts}, {speedupACore:F0} x a core, rarest fault {FaultNames.Of(rarest)} {hits} times",
                sound && speedupACore >= SpeedupMin && hits >= HitsMin);
            return;
        }

        if (report.Seeds < SeedsOfTheScore) return;
        Scoreboard.Record(
            "core simulation 5000 seeds, 0 violations, 0 stuck", counts, sound);
        Scoreboard.Record(
            "core simulation speed >= 300 x real time a core", $"{speedupACore:F0} x a core", speedupACore >= SpeedupMin);
    }

    private static void WriteCounts(System.Text.Json.Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject("faults");
        foreach (var kind in FaultNames.All) json.WriteNumber(FaultNames.Of(kind), report.Count(kind));
        json.WriteEndObject();
        json.WriteStartObject("marks");
        foreach (var mark in Enum.GetValues<Mark>()) json.WriteNumber(mark.ToString(), report.Count(mark));
        json.WriteEndObject();
        json.WriteStartArray("failingSeeds");
        foreach (var (seed, _) in report.Failures) json.WriteNumberValue(seed);
        json.WriteEndArray();
    }

    /// <summary>Each thread takes every P-th seed; the sums do not depend on who took which.</summary>
    private static RunReport RunSeeds(SimulationRequest request, ulong first, int seeds, int parallel)
    {
        var reports = new RunReport[parallel];
        Parallel.For(0, parallel, new ParallelOptions { MaxDegreeOfParallelism = parallel }, thread =>
        {
            var own = reports[thread] = new RunReport { World = request.World };
            for (var i = thread; i < seeds; i += parallel) own.Add(SimulationRunner.Run(request with { Seed = first + (ulong)i }));
        });
        var all = new RunReport { World = request.World };
        foreach (var report in reports) all.Add(report);
        return all;
    }
}
