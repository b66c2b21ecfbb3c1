using System.CommandLine;
using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim mutants`: plants mistakes in the core and looks whether the oracles notice.</summary>
internal static class SimMutantsCommand
{
    private const int LegalSeeds = 300;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var only = new Option<string>("--only") { Description = "Only this mutant.", HelpName = "NAME" };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Patience for each mutant and first seed, in seconds of processor time.",
            DefaultValueFactory = _ => 60, HelpName = "T",
        };
        var command = new CliCommand(
            "mutants", "Plants each known mistake in the core and looks for it from three unrelated first seeds.",
            "balsa sim mutants", "balsa sim mutants --only VoteIgnoresLog --json");
        command.Options.Add(json);
        command.Options.Add(only);
        command.Options.Add(seconds);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var name = parsed.GetValue(only);
            if (name is not null && (!RequestOptions.TryMutant(name, out var mutant) || mutant == Mutant.None))
            {
                var known = string.Join(", ", MutantHunt.Mistakes);
                return output.Fail(new Problem($"there is no mutant {name}.", $"There are {known}.", "balsa sim mutants"), ExitCode.Usage);
            }

            var patience = parsed.GetValue(seconds);
            if (patience is > 0 and <= 86_400) return Hunt(output, name, patience);
            return output.Fail(
                new Problem("--seconds must be above 0 and at most 86400.", "Nothing was run.", "balsa sim mutants --help"), ExitCode.Usage);
        });
        return command;
    }

    private static int Hunt(Output output, string? only, double patience)
    {
        var missed = new List<Mutant>();
        var times = new List<double>();
        var planted = 0;
        foreach (var mutant in MutantHunt.Mistakes)
        {
            if (only is not null && mutant.ToString() != only) continue;
            planted++;
            if (!IsCaught(output, mutant, patience, times)) missed.Add(mutant);
        }
        var falseAlarms = CountFalseAlarms(output, only);
        times.Sort();
        var median = times.Count == 0 ? 0 : times[times.Count / 2];
        var slowest = times.Count == 0 ? 0 : times[^1];
        output.Line(
            $"{planted - missed.Count} of {planted} caught, {falseAlarms} false alarms, median {median:F2} s, slowest {slowest:F2} s");
        output.Object(json =>
        {
            json.WriteNumber("planted", planted);
            json.WriteNumber("caught", planted - missed.Count);
            json.WriteNumber("caughtBySimulator", planted - missed.Count);
            json.WriteStartArray("missed");
            foreach (var mutant in missed) json.WriteStringValue(mutant.ToString());
            json.WriteEndArray();
            json.WriteNumber("falseAlarms", falseAlarms);
            json.WriteNumber("medianSeconds", Math.Round(median, 3));
            json.WriteNumber("slowestSeconds", Math.Round(slowest, 3));
        });
        return missed.Count == 0 && falseAlarms == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static bool IsCaught(Output output, Mutant mutant, double patience, List<double> times)
    {
        foreach (var first in MutantHunt.FirstSeeds)
        {
            var clock = Stopwatch.StartNew();
            var result = MutantHunt.Hunt(mutant, first, () => clock.Elapsed.TotalSeconds > patience);
            if (result is null)
            {
                output.Message($"{mutant}: missed from seed {first}");
                return false;
            }
            times.Add(clock.Elapsed.TotalSeconds);
            output.Line($"{mutant}: {result.FailureKind}, seed {result.Seed}, {clock.Elapsed.TotalSeconds:F2} s");
        }
        return true;
    }

    /// <summary>Correct behaviours that are only different must pass.</summary>
    private static int CountFalseAlarms(Output output, string? only)
    {
        var alarms = 0;
        foreach (var mutant in MutantHunt.Legal)
        {
            if (only is not null && mutant.ToString() != only) continue;
            for (var i = 0UL; i < LegalSeeds; i++)
            {
                var result = SimulationRunner.Run(new SimulationRequest { Seed = MutantHunt.FirstSeeds[0] + i, Mutant = mutant });
                if (!result.Failed) continue;
                alarms++;
                output.Message($"{mutant} is no mistake but was flagged: seed {result.Seed}: {result.Failure}");
            }
        }
        return alarms;
    }
}
