using System.CommandLine;
using Balsa.Cli.Chaos;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos`: real disks that fail under real processes.</summary>
internal static class ChaosCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var command = new CliCommand(
            "chaos", "Breaks real disks under real processes and looks whether anything acknowledged is missing.",
            "balsa chaos power-cut --filesystem ext4 --rounds 50", "balsa chaos disk-full --rounds 10");
        command.Subcommands.Add(PowerCutCommand.Create(results, messages));
        command.Subcommands.Add(DiskFullCommand.Create(results, messages));
        command.Subcommands.Add(CreateWorker(messages));
        return command;
    }

    /// <summary>Null when this process may mount and all programs are there.</summary>
    internal static Problem? WhatIsMissing(IEnumerable<(string Program, string Package)> needed)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return new Problem(
                "nothing was tried.", "It mounts a file system of its own, and only root on Linux may do that.",
                "sudo ./balsa chaos --help");
        }

        var missing = needed.FirstOrDefault(tool => !SystemTool.Exists(tool.Program));
        return missing.Program is null
            ? null
            : new Problem("nothing was tried.", $"The program {missing.Program} is not installed.", $"apt-get install {missing.Package}");
    }

    private static CliCommand CreateWorker(TextWriter messages)
    {
        var directory = new Argument<string>("dir") { Description = "Its data directory." };
        var seed = new Option<int>("--seed") { Description = "Decides what it writes.", HelpName = "S" };
        var command = new CliCommand("worker", "Writes into a directory until it is killed.", "balsa chaos worker ./data --seed 1")
        {
            Hidden = true,
        };
        command.Arguments.Add(directory);
        command.Options.Add(seed);
        command.SetAction(parsed =>
        {
            messages.WriteLine(LogWorker.Run(parsed.GetRequiredValue(directory), parsed.GetValue(seed)));
            return ExitCode.Failed;
        });
        return command;
    }
}
