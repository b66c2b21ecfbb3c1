using System.CommandLine;
using Balsa.Cli.Chaos;
using Balsa.Cli.Chaos.Rounds;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Commands.Chaos;

/// <summary>`balsa chaos`: real processes that are killed, paused and restarted, and real disks that fail under them.</summary>
internal static class ChaosCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var rounds = new Option<int>("--rounds") { Description = "How many faults.", HelpName = "N", DefaultValueFactory = _ => 30 };
        NumberRange.Limit(rounds, 1, 1_000_000);
        var nodes = new Option<int>("--nodes") { Description = "How many members.", HelpName = "N", DefaultValueFactory = _ => 3 };
        NumberRange.Limit(nodes, 3, DevPlan.NodesMax);
        var seed = new Option<int?>("--seed") { Description = "Decides the faults; otherwise one is drawn.", HelpName = "S" };
        var limit = Duration.Option("--time-limit", "No new round after this time.", TimeSpan.FromHours(23));
        var only = new Option<ClusterFault?>("--only") { Description = "Only this kind of fault.", HelpName = "FAULT" };
        var history = new Option<string?>("--history") { Description = "Writes what the clients saw into this file.", HelpName = "FILE" };
        var harm = new Option<HarmKind>("--harm") { Description = "A mistake that is planted: the campaign must find it.", Hidden = true };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "chaos", "Kills, pauses, restarts and cuts off members under load, a fault a round, and judges everything that clients saw. "
            + "Subcommands break real disks.",
            "balsa chaos --rounds 200 --json", "balsa chaos --rounds 5 --only CutLeader",
            "balsa chaos --rounds 20 --seed 7 --history history.jsonl",
            "balsa chaos power-cut --filesystem ext4 --rounds 50", "balsa chaos disk-full --rounds 10");
        foreach (var option in new Option[] { rounds, nodes, seed, limit, only, history, harm, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            if (WhatTheRoundsMiss() is { } missing) return output.Fail(missing, ExitCode.Unknown);
            var action = new RoundsAction(output, parsed.GetValue(nodes), parsed.GetValue(seed) ?? Random.Shared.Next())
            {
                Only = parsed.GetValue(only), HistoryPath = parsed.GetValue(history), Harm = parsed.GetValue(harm),
            };
            return action.RunAsync(parsed.GetValue(rounds), parsed.GetValue(limit)).GetAwaiter().GetResult();
        });
        command.Subcommands.Add(PowerCutCommand.Create(results, messages));
        command.Subcommands.Add(DiskFullCommand.Create(results, messages));
        command.Subcommands.Add(QuietCommand.Create(results, messages));
        command.Subcommands.Add(CatchUpCommand.Create(results, messages));
        command.Subcommands.Add(TwoBuildsCommand.Create(results, messages));
        command.Subcommands.Add(MaintenanceCommand.Create(results, messages));
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

    /// <summary>Null when signals can be sent here.</summary>
    internal static Problem? WhatTheRoundsMiss()
    {
        if (OperatingSystem.IsWindows())
            return new Problem("nothing was tried.", "Processes are paused by signals, and Windows has none.", "balsa chaos --help");
        return SystemTool.Exists(Signals.Needed.Program)
            ? null
            : new Problem("nothing was tried.", $"The program {Signals.Needed.Program} is not installed.",
                $"apt-get install {Signals.Needed.Package}");
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
