using System.CommandLine;
using Balsa.Bench.Store;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;
using Balsa.Node.Stores;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench store`: the key-value store alone, without log and network.</summary>
internal static class BenchStoreCommand
{
    internal const string SpeedScore =
        "store: 1 M keys in random order >= 500 k puts/s, <= 120 B a key beyond what is stored, pauses <= 10 ms";
    internal const string LargeScore = "store: 10 M keys fit in 8 GiB";
    internal const string BesideScore = "store: beside compaction, snapshot and full range slices <= 1 ms, apply p99.99 <= 5 ms";
    private const long Million = 1_000_000, KeysMin = 1000, KeysMax = 100_000_000;
    private const double PutsTarget = 500_000, OverheadTarget = 120, PauseTarget = 10, SliceTarget = 1, StallTarget = 5;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var keys = new Option<long>("--keys")
        {
            Description = $"How many keys, of 32 bytes with values of 256 ({KeysMin} to {KeysMax}).", DefaultValueFactory = _ => Million,
            HelpName = "N",
        };
        var command = new CliCommand(
            "store", "What the key-value store does on one thread: puts in random order, reads, compaction, snapshots, memory.",
            "balsa bench store", "balsa bench store --keys 10000000 --json");
        command.Options.Add(json);
        command.Options.Add(keys);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var count = parsed.GetValue(keys);
            if (count is >= KeysMin and <= KeysMax) return Run(output, count);
            return output.Fail(
                new Problem($"--keys is {count}.", $"It must be between {KeysMin} and {KeysMax}.", "balsa bench store --help"),
                ExitCode.Usage);
        });
        return command;
    }

    private static int Run(Output output, long keys)
    {
        StoreBenchmark.WarmUp(SystemMemory.Discard);
        var report = new StoreBenchmark(keys, SystemMemory.Discard, output.Message).Run();
        var speedHolds = report.PutsPerSecond >= PutsTarget && report.OverheadBytesPerKey <= OverheadTarget
            && report.LongestPauseMs <= PauseTarget;
        var besideHolds = report.Beside.LongestSliceMs <= SliceTarget && report.Beside.ApplyP9999Ms <= StallTarget;
        var fits = report.PeakBytes <= 8L << 30;
        BenchStoreReport.Print(output, report);
        if (keys == Million)
        {
            Scoreboard.Record(
                SpeedScore,
                $"{report.PutsPerSecond / 1000:F0} k puts/s, {report.OverheadBytesPerKey:F0} B, "
                + $"longest pause {report.LongestPauseMs:F1} ms",
                speedHolds);
            Scoreboard.Record(
                BesideScore,
                $"slices <= {report.Beside.LongestSliceMs:F2} ms, apply p99.99 {report.Beside.ApplyP9999Ms:F2} ms", besideHolds);
        }
        else if (keys == 10 * Million)
        {
            Scoreboard.Record(
                LargeScore,
                $"peak {report.PeakBytes / (double)(1 << 30):F2} GiB, {report.PutsPerSecond / 1000:F0} k puts/s, "
                + $"{report.OverheadBytesPerKey:F0} B a key beyond what is stored", fits);
        }

        return (keys != Million || (speedHolds && besideHolds)) && (keys != 10 * Million || fits) ? ExitCode.Done : ExitCode.Failed;
    }
}
