using System.Collections.Concurrent;
using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim mutants`: plants mistakes in every layer and looks whether worlds, drills and scenarios notice.</summary>
internal static class SimMutantsCommand
{
    internal const string ScoreName = "every mutant caught, none above 5 minutes, legal variants flagged 0";
    private const double SimulatorShareMin = 0.9, SlowestSecondsMax = 300, PatienceMin = 0.1, PatienceMax = 3600;
    private static readonly string[] Layers = [HuntedMutant.Core, HuntedMutant.Storage, HuntedMutant.Store, HuntedMutant.Replica];

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var only = new Option<string>("--only") { Description = "Only this mutant.", HelpName = "NAME" };
        var layer = new Option<string>("--layer") { Description = "Only those of core, storage, store or replica.", HelpName = "LAYER" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Patience for each mutant and first seed, in seconds.", DefaultValueFactory = _ => 60, HelpName = "T",
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "K",
        };
        NumberRange.Limit(parallel, 1, 256);
        var command = new CliCommand(
            "mutants", "Plants each known mistake in core, storage, store and replica and looks for it from three unrelated first seeds.",
            "balsa sim mutants", "balsa sim mutants --layer replica", "balsa sim mutants --only VoteIgnoresLog --json");
        foreach (var option in (ReadOnlySpan<Option>)[json, only, layer, seconds, parallel]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var (name, where) = (parsed.GetValue(only), parsed.GetValue(layer));
            var patience = parsed.GetValue(seconds);
            if (WhatIsWrong(name, where, patience) is { } problem) return output.Fail(problem, ExitCode.Usage);
            return Hunt(output, Choose(name, where), patience, parsed.GetValue(parallel), isWhole: name is null && where is null);
        });
        return command;
    }

    private static Problem? WhatIsWrong(string? name, string? layer, double patience)
    {
        const string Help = "balsa sim mutants --help";
        if (patience is < PatienceMin or > PatienceMax || double.IsNaN(patience))
            return new Problem($"--seconds is {patience}.", $"It must be between {PatienceMin} and {PatienceMax}.", Help);
        if (layer is not null && !Layers.Contains(layer))
            return new Problem($"there is no layer {layer}.", $"There are {string.Join(", ", Layers)}.", Help);
        if (Choose(name, layer).Count > 0) return null;
        var known = string.Join(", ", Choose(null, layer).Select(mutant => mutant.Name));
        var where = layer is null ? "" : $" in the layer {layer}";
        return new Problem($"there is no mutant {name}{where}.", $"There are {known}.", "balsa sim mutants");
    }

    private static List<HuntedMutant> Choose(string? name, string? layer) =>
        [.. HuntedMutant.All().Where(mutant => (name is null || mutant.Name == name) && (layer is null || mutant.Layer == layer))];

    private static int Hunt(Output output, List<HuntedMutant> chosen, double patience, int parallel, bool isWhole)
    {
        var report = new MutantReport(output, patience);
        // One at a time to each thread: they take very different times.
        Parallel.ForEach(
            Partitioner.Create(chosen, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = parallel }, report.Try);
        var holds = report.Missed.Count == 0 && report.FalseAlarms == 0 && report.SlowestSeconds <= SlowestSecondsMax
            && (!isWhole || report.CaughtBySimulator >= SimulatorShareMin * report.Planted);
        foreach (var (layer, count) in report.Layers)
            output.Line($"{layer}: {count.Caught} of {count.Planted} caught, {count.LegalVariants} legal variants");
        output.Line(
            $"{report.Caught} of {report.Planted} caught, {report.CaughtBySimulator} by the simulator alone; "
            + $"{report.FalseAlarms} false alarms; "
            + $"median {report.MedianSeconds:F2} s, slowest {report.SlowestSeconds:F2} s");
        output.Object(json => MutantJson.Write(json, report));
        if (isWhole)
        {
            Scoreboard.Record(
                ScoreName,
                $"{report.Caught}/{report.Planted} caught, {report.CaughtBySimulator} by the simulator, "
                + $"slowest {report.SlowestSeconds:F0} s, "
                + $"{report.FalseAlarms} false alarms", holds);
        }

        return holds ? ExitCode.Done : ExitCode.Failed;
    }
}
