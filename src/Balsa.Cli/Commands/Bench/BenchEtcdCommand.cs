using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Balsa.Cli.Chaos;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Dev;
using Balsa.Cli.Duels;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench etcd`: a cluster of three against a cluster of three of the etcd that is installed.</summary>
internal static class BenchEtcdCommand
{
    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var total = new Option<int>("--total")
        {
            Description = "Requests of each load.", HelpName = "N", DefaultValueFactory = _ => 100_000,
        };
        NumberRange.Limit(total, 1000, 100_000_000);
        var unpinned = new Option<bool>("--unpinned") { Description = "Let servers and generator share all processors." };
        var dataDir = new Option<string?>("--data-dir") { Description = "A folder on the disk to measure on.", HelpName = "DIR" };
        var command = new CliCommand(
            "etcd", "The same loads on three nodes of Balsa and three of the etcd that is installed, as ratios.",
            "balsa bench etcd", "balsa bench etcd --total 500000 --json");
        foreach (var option in new Option[] { total, unpinned, dataDir, json }) command.Options.Add(option);
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(total), parsed.GetValue(unpinned), parsed.GetValue(dataDir),
            new Output(results, messages, parsed.GetValue(json))).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(int total, bool unpinned, string? dataDir, Output output)
    {
        if (!OperatingSystem.IsLinux() || !SystemTool.Exists("etcd"))
            return output.Fail(new Problem("etcd is not installed here.", "It is measured beside Balsa, on Linux.",
                "apt-get install etcd-server"), ExitCode.Failed);
        var folder = Directory.CreateDirectory(
            Path.Combine(dataDir ?? Path.GetTempPath(), $"balsa-duel-{Environment.ProcessId}")).FullName;
        try
        {
            IReadOnlyList<string> launcher = unpinned || Environment.ProcessorCount < 2 ? [] : ["taskset", "-c", "0"];
            if (launcher.Count > 0) PinToSecond();
            var duel = new Duel(total, output.Message);
            IReadOnlyList<DuelFigure> theirs, ours;
            await using (var etcd = new EtcdContender(folder, launcher)) theirs = await duel.MeasureAsync(etcd, 0);
            var rate = 0.7 * theirs[0].Load.OpsPerSecond;
            await using (var balsa = new BalsaContender(Path.Combine(folder, "balsa"), launcher))
                ours = await duel.MeasureAsync(balsa, rate);
            Print(output, theirs, ours);
            output.Object(writer => Write(writer, theirs, ours, launcher.Count > 0));
            return theirs.Concat(ours).All(figure => figure.Load.Errors == 0) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (DevException problem)
        {
            return output.Fail(problem.Problem, ExitCode.Failed);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void PinToSecond()
    {
        // Threads that are started from here on inherit it.
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux()) self.ProcessorAffinity = 2;
    }

    private static void Print(Output output, IReadOnlyList<DuelFigure> theirs, IReadOnlyList<DuelFigure> ours)
    {
        output.Line($"{"",-22}{"etcd",12}{"balsa",12}{"ratio",9}");
        for (var i = 0; i < ours.Count; i++)
        {
            output.Line($"{ours[i].What,-22}{theirs[i].Load.OpsPerSecond,10:N0}/s{ours[i].Load.OpsPerSecond,10:N0}/s"
                + $"{ours[i].Load.OpsPerSecond / theirs[i].Load.OpsPerSecond,8:F2}x");
            output.Line($"{"  p99",-22}{P99(theirs[i]),9:F2} ms{P99(ours[i]),9:F2} ms{P99(ours[i]) / P99(theirs[i]),8:F2}x");
            output.Line($"{"  servers' time each",-22}{theirs[i].CpuUs,9:F0} us{ours[i].CpuUs,9:F0} us"
                + $"{ours[i].CpuUs / theirs[i].CpuUs,8:F2}x");
        }
    }

    private static double P99(DuelFigure figure) => figure.Load.Latencies.At(0.99).TotalMilliseconds;

    private static void Write(
        Utf8JsonWriter json, IReadOnlyList<DuelFigure> theirs, IReadOnlyList<DuelFigure> ours, bool isPinned)
    {
        json.WriteBoolean("pinned", isPinned);
        json.WriteStartArray("loads");
        for (var i = 0; i < ours.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("load", ours[i].What);
            json.WriteNumber("throughputRatio", Math.Round(ours[i].Load.OpsPerSecond / theirs[i].Load.OpsPerSecond, 3));
            json.WriteNumber("p99Ratio", Math.Round(P99(ours[i]) / P99(theirs[i]), 3));
            json.WriteNumber("cpuRatio", Math.Round(ours[i].CpuUs / theirs[i].CpuUs, 3));
            foreach (var (name, figure) in new[] { ("etcd", theirs[i]), ("balsa", ours[i]) })
            {
                json.WriteStartObject(name);
                BenchLoadCommand.Write(json, figure.Load);
                json.WriteNumber("cpuUs", Math.Round(figure.CpuUs, 1));
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
