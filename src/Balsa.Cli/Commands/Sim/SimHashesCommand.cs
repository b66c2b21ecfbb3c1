using System.CommandLine;
using System.Globalization;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim hashes`: one trace hash a line. What the determinism check starts as another process.</summary>
internal static class SimHashesCommand
{
    public static CliCommand Create(TextWriter results)
    {
        var seeds = new Option<int>("--seeds") { DefaultValueFactory = _ => 10 };
        var first = new Option<ulong>("--first") { DefaultValueFactory = _ => 1 };
        var mutant = new Option<bool>("--mutant-build") { Description = "With the probe that could plant mistakes, and plants none." };
        var world = new WorldOption();
        var command = new CliCommand("hashes", "Prints the trace hash of each seed.", "balsa sim hashes --seeds 10") { Hidden = true };
        world.AddTo(command);
        command.Options.Add(seeds);
        command.Options.Add(first);
        command.Options.Add(mutant);
        command.SetAction(parsed =>
        {
            Mutant? build = parsed.GetValue(mutant) ? Mutant.None : null;
            foreach (var hash in Of(world.Of(parsed), parsed.GetValue(first), parsed.GetValue(seeds), build)) results.WriteLine(hash);
            return ExitCode.Done;
        });
        return command;
    }

    internal static List<string> Of(WorldKind world, ulong first, int seeds, Mutant? build)
    {
        var hashes = new List<string>();
        for (var i = 0; i < seeds; i++)
        {
            var result = SimulationRunner.Run(new SimulationRequest { World = world, Seed = first + (ulong)i, Mutant = build });
            hashes.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Seed} {result.TraceHash:x16} {result.Events}"));
        }
        return hashes;
    }
}
