using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Sim.Metrics;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim`: the simulated worlds.</summary>
internal static class SimCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "sim", "Runs whole clusters in a simulated world, thousands of times faster than real time, under every fault.",
            "balsa sim run --seeds 1000", "balsa sim run --seed 42 --trace", "balsa sim mutants");
        command.Subcommands.Add(SimRunCommand.Create(results, messages));
        command.Subcommands.Add(SimMetricsCommand.Create(results, messages));
        command.Subcommands.Add(SimDiskCommand.Create(results, messages));
        command.Subcommands.Add(SimStoreCommand.Create(results, messages));
        command.Subcommands.Add(SimShrinkCommand.Create(results, messages));
        command.Subcommands.Add(SimMutantsCommand.Create(results, messages));
        command.Subcommands.Add(SimDeterminismCommand.Create(results, messages));
        command.Subcommands.Add(SimHashesCommand.Create(results));
        return command;
    }
}
