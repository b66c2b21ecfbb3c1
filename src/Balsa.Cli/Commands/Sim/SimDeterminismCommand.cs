using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>`balsa sim determinism`: the same seeds in other processes, builds and compilation modes; every hash must be equal.</summary>
internal static class SimDeterminismCommand
{
    internal const string ScoreName = "same seed, same trace hash in two processes, Debug and Release";
    internal const string FullScoreName = "full world: same seed, same trace hash in other processes and builds";
    private const int SeedsOfTheScore = 200, SeedsMax = 100_000;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 200, HelpName = "N" };
        NumberRange.Limit(seeds, 1, SeedsMax);
        var first = new Option<ulong>("--first") { Description = "The first of them.", DefaultValueFactory = _ => 1, HelpName = "S" };
        var command = new CliCommand(
            "determinism", "Runs the same seeds in other processes, builds and compilation modes and compares the trace hashes.",
            "balsa sim determinism --seeds 200", "balsa sim determinism --world full --seeds 200");
        var world = new WorldOption();
        world.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(seeds);
        command.Options.Add(first);
        command.SetAction(parsed => Check(
            new Output(results, messages, parsed.GetValue(json)), world.Of(parsed), parsed.GetValue(first), parsed.GetValue(seeds)));
        return command;
    }

    private static int Check(Output output, WorldKind world, ulong first, int seeds)
    {
        BuildDebug(output);
        var here = SimHashesCommand.Of(world, first, seeds, null);
        int runs = 0, left = 0;
        var mismatches = new List<string>();
        foreach (var (name, assembly, tiered, extra) in Variants())
        {
            if (!File.Exists(assembly))
            {
                output.Message($"not compared: {name} ({assembly} is not built)");
                left++;
                continue;
            }
            runs++;
            var words = $"sim hashes --world {WorldOption.WordOf(world)} --first {first} --seeds {seeds} {extra}";
            Compare(name, here, RunElsewhere(assembly, tiered, words), mismatches);
        }
        foreach (var mismatch in mismatches) output.Message(mismatch);
        output.Line($"{seeds} seeds in {runs} other runs: {mismatches.Count} mismatches");
        output.Object(json =>
        {
            json.WriteNumber("seeds", seeds);
            json.WriteNumber("runs", runs);
            json.WriteNumber("notCompared", left);
            json.WriteNumber("mismatches", mismatches.Count);
        });
        if (seeds >= SeedsOfTheScore)
            Scoreboard.Record(
                world == WorldKind.Full ? FullScoreName : ScoreName,
                $"{mismatches.Count} differences, {seeds} seeds, {runs} other runs", mismatches.Count == 0 && left == 0);
        if (mismatches.Count > 0) return ExitCode.Failed;
        return left == 0 ? ExitCode.Done : ExitCode.Unknown;
    }

    /// <summary>The debug build is compared too, so it must be of the same sources.</summary>
    private static void BuildDebug(Output output)
    {
        if (Checkout.Find(AppContext.BaseDirectory) is not { } checkout) return;
        var project = Path.Combine(checkout.Root, "src", "Balsa.Cli", "Balsa.Cli.csproj");
        var start = new ProcessStartInfo("dotnet", $"build \"{project}\" -c Debug -v quiet -nologo")
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var build = Process.Start(start)!;
        var said = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        if (build.ExitCode != 0) output.Message($"the debug build failed: {said}");
    }

    private static (string Name, string Assembly, bool Tiered, string Extra)[] Variants()
    {
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string Built(string configuration) => Path.Combine(Path.GetDirectoryName(own)!, configuration, "balsa.dll");
        return
        [
            ("another process", Path.Combine(own, "balsa.dll"), true, ""),
            ("the mutant build", Path.Combine(own, "balsa.dll"), true, "--mutant-build"),
            ("tiered compilation off", Path.Combine(own, "balsa.dll"), false, ""),
            ("the release build", Built("release"), true, ""),
            ("the debug build", Built("debug"), true, ""),
        ];
    }

    private static void Compare(string name, List<string> here, List<string> there, List<string> mismatches)
    {
        for (var i = 0; i < here.Count; i++)
        {
            var other = i < there.Count ? there[i] : "nothing";
            if (!string.Equals(other, here[i], StringComparison.Ordinal)) mismatches.Add($"{name}: {other} instead of {here[i]}");
        }
    }

    private static List<string> RunElsewhere(string assembly, bool tiered, string arguments)
    {
        var own = Environment.ProcessPath!;
        var dotnet = own.EndsWith("dotnet", StringComparison.Ordinal) ? own : "dotnet";
        var start = new ProcessStartInfo(dotnet, string.Create(CultureInfo.InvariantCulture, $"\"{assembly}\" {arguments}"))
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["DOTNET_TieredCompilation"] = tiered ? "1" : "0";
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return [.. lines];
    }
}
