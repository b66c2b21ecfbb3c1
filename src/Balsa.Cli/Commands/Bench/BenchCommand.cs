using Balsa.Bench.Cluster;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench`: what Balsa can do on this machine. Each part measures one layer.</summary>
internal static class BenchCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "bench", "Measures Balsa on this machine: one layer, or a cluster.",
            "balsa bench core", "balsa bench wal --json", "balsa bench store", "balsa bench watch");
        command.Subcommands.Add(BenchCoreCommand.Create(results, messages));
        command.Subcommands.Add(BenchWalCommand.Create(results, messages));
        command.Subcommands.Add(BenchStoreCommand.Create(results, messages));
        command.Subcommands.Add(BenchWatchCommand.Create(results, messages));
        command.Subcommands.Add(BenchEtcdCommand.Create(results, messages));
        command.Subcommands.Add(BenchLoadCommand.Create(LoadKind.Put, results, messages));
        command.Subcommands.Add(BenchLoadCommand.Create(LoadKind.Get, results, messages));
        return command;
    }
}
