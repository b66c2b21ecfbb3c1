using System.CommandLine;
using System.Diagnostics;
using Balsa.Adapters.Controller;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Commands.Cluster;

/// <summary>`balsa dev`: a cluster of real processes on this machine, for trying things out.</summary>
internal static class DevCommand
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var nodes = new Option<int>("--nodes")
        {
            Description = $"How many nodes, 1 to {DevPlan.NodesMax}.", HelpName = "N", DefaultValueFactory = _ => 3,
        };
        NumberRange.Limit(nodes, 1, DevPlan.NodesMax);
        var headless = new Option<bool>("--headless") { Description = "No keys; runs until it is stopped. For scripts." };
        var detach = new Option<bool>("--detach") { Description = "Start it in the background and return when it can be used." };
        var dataDir = new Option<string?>("--data-dir")
        {
            Description = "Keep the data here; otherwise it is gone on exit.", HelpName = "DIR",
        };
        var basePort = new Option<int?>("--base-port")
        {
            Description = "Client and peer ports from here on; otherwise free ones are taken.", HelpName = "PORT",
        };
        NumberRange.Limit(basePort, 1024, 65_000);
        var load = new Option<bool?>("--load")
        {
            Description = "Clients that write and check all the time; on at a terminal, off otherwise.", HelpName = "true|false",
        };
        var controller = new Option<int?>("--controller")
        {
            Description = "Each node takes a controller's datagrams, on 127.0.0.1, 127.0.0.2, ... and this port; alone: 5555.",
            HelpName = "PORT", Arity = ArgumentArity.ZeroOrOne,
        };
        NumberRange.Limit(controller, 1, 65_535);
        var log = new Option<string?>("--log") { Description = "Write to a file, and outlive the terminal.", Hidden = true };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "dev", "Runs a cluster on this machine: real processes, real disks, real failures.", "balsa dev",
                "balsa dev --nodes 5 --data-dir ./data",
            "balsa dev --detach", "balsa dev stop");
        foreach (var option in new Option[] { nodes, headless, detach, dataDir, basePort, load, controller, log, json })
            command.Options.Add(option);
        command.Subcommands.Add(CreateStop(results, messages));
        command.SetAction(parsed =>
        {
            using var file = parsed.GetValue(log) is { } path ? new StreamWriter(path) { AutoFlush = true } : null;
            var output = new Output(file ?? results, file ?? messages, parsed.GetValue(json));
            var interactive = !parsed.GetValue(headless);
            var hasLoad = parsed.GetValue(load) ?? (interactive && !Console.IsInputRedirected);
            int? port = parsed.GetResult(controller) is null ? null : parsed.GetValue(controller) ?? ControllerOptions.PortByDefault;
            if (parsed.GetValue(detach))
                return Detach(parsed, output, nodes, dataDir, basePort, hasLoad: parsed.GetValue(load) == true, port);
            return Run(parsed.GetValue(nodes), parsed.GetValue(dataDir), parsed.GetValue(basePort), port, output, file ?? results,
                interactive, file is not null, hasLoad);
        });
        return command;
    }

    private static int Run(int nodes, string? dataDir, int? basePort, int? controllerPort, Output output, TextWriter results,
        bool interactive, bool detached, bool hasLoad)
    {
        if (Running(output) is { } code) return code;
        try
        {
            var plan = DevPlan.Make(nodes, dataDir, basePort) with { ControllerPort = controllerPort };
            var session = new DevSession(plan, output, results, interactive) { SurvivesTerminal = detached, HasLoad = hasLoad };
            return session.RunAsync().GetAwaiter().GetResult();
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
    }

    private static int Detach(ParseResult parsed, Output output, Option<int> nodes, Option<string?> dataDir, Option<int?> basePort,
        bool hasLoad, int? controllerPort)
    {
        if (Running(output) is { } code) return code;
        List<string> words = ["dev", "--nodes", $"{parsed.GetValue(nodes)}"];
        if (parsed.GetValue(dataDir) is { } directory) words.AddRange(["--data-dir", Path.GetFullPath(directory)]);
        if (parsed.GetValue(basePort) is { } port) words.AddRange(["--base-port", $"{port}"]);
        if (controllerPort is { } controller) words.AddRange(["--controller", $"{controller}"]);
        if (hasLoad) words.AddRange(["--load", "true"]);
        return DevLauncher.DetachAsync(words, output).GetAwaiter().GetResult();
    }

    private static int? Running(Output output)
    {
        if (DevLauncher.FindRunningAsync().GetAwaiter().GetResult() is not { } running) return null;
        return output.Fail(
            new Problem("a dev cluster is running already.", $"Process {running.Pid} holds it, with data in {running.DataDirectory}.",
                "balsa status", "balsa dev stop"),
            ExitCode.Failed);
    }

    private static CliCommand CreateStop(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var command = new CliCommand("stop", "Stops the running dev cluster.", "balsa dev stop");
        command.Options.Add(json);
        command.SetAction(parsed => StopAsync(new Output(results, messages, parsed.GetValue(json))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> StopAsync(Output output)
    {
        var context = await DevLauncher.FindRunningAsync();
        var asked = context is null ? null : await DevControl.AskAsync(context, "stop", "", TimeSpan.FromSeconds(5));
        if (context is null || asked is null)
        {
            return output.Fail(new Problem("no dev cluster is running.", $"There is none in {DevContext.Folder}.", "balsa dev"),
                ExitCode.Unreachable);
        }

        await WaitForEndAsync(context.Pid);
        output.Line("stopped");
        output.Object(writer => writer.WriteBoolean("stopped", value: true));
        return ExitCode.Done;
    }

    private static async Task WaitForEndAsync(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            using var limit = new CancellationTokenSource(LongestStop);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or OperationCanceledException)
        {
            // It has ended, or it takes its time: either way it has been told.
        }
    }
}
