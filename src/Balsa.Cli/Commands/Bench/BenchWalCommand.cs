using System.CommandLine;
using Balsa.Bench.Wal;
using Balsa.Cli.CommandLine;
using Balsa.Storage;
using Balsa.Storage.Disks;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench wal`: the log against a bare loop of write and sync on the same disk, and a start after a crash.</summary>
internal static class BenchWalCommand
{
    private const int SecondsMax = 3600;
    private const string WithDirectory = "balsa bench wal --dir DIR";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var directory = new Option<string?>("--dir")
        {
            Description = "An existing directory on the disk to measure, with 3 GiB to spare; otherwise the one for temporary files.",
            HelpName = "DIR",
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = $"How long log and bare loop are compared (1 to {SecondsMax}); the start comes on top.",
            DefaultValueFactory = _ => 10, HelpName = "S",
        };
        NumberRange.Limit(seconds, 1, SecondsMax);
        var command = new CliCommand(
            "wal", "What the log adds to write and sync of the disk, and how long a start with 1 GiB of it takes.",
            "balsa bench wal", "balsa bench wal --dir /var/lib --seconds 30 --json");
        foreach (var option in new Option[] { json, directory, seconds }) command.Options.Add(option);
        command.SetAction(parsed => Run(
            new Output(results, messages, parsed.GetValue(json)), Path.GetFullPath(parsed.GetValue(directory) ?? Path.GetTempPath()),
            TimeSpan.FromSeconds(parsed.GetValue(seconds))));
        return command;
    }

    private static Problem? WhatIsWrong(string directory)
    {
        if (!Directory.Exists(directory))
            return new Problem($"there is no directory {directory}.", "The benchmark makes its files in one that exists.", WithDirectory);
        try
        {
            var room = new DriveInfo(directory).AvailableFreeSpace;
            if (room < WalBenchmark.BytesNeeded)
            {
                return new Problem(
                    $"{directory} has not enough room.",
                    $"{room / (double)(1 << 30):F1} GiB are free there, and {WalBenchmark.BytesNeeded >> 30} GiB are needed for a while.",
                    WithDirectory);
            }

            var trial = Path.Combine(directory, $"balsa-bench-wal-{Environment.ProcessId}");
            Directory.CreateDirectory(trial);
            Directory.Delete(trial);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem($"nothing can be written into {directory}.", failure.Message, WithDirectory);
        }
    }

    private static int Run(Output output, string directory, TimeSpan duration)
    {
        if (WhatIsWrong(directory) is { } problem) return output.Fail(problem, ExitCode.Usage);
        var warning = StorageMedium.WarningFor(directory);
        if (warning is not null) output.Message($"warning: {warning}");
        using var stop = new StopRequest();
        try
        {
            var result = WalBenchmark.Run(directory, duration, text => output.Message($"measuring: {text}"), stop.Token);
            var report = new BenchWalReport(result, new DriveInfo(directory).DriveFormat);
            report.Print(output);
            // What a disk in memory or behind a network does says nothing of the promise.
            if (warning is null) report.Record();
            return report.Holds ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return output.Fail(
                new Problem("the benchmark was interrupted.", "It was told to stop, and its files are gone.", "balsa bench wal"),
                ExitCode.Failed);
        }
        catch (Exception failure) when (failure is StorageException or IOException or UnauthorizedAccessException)
        {
            return output.Fail(
                new Problem($"the benchmark could not use {directory}.", failure.Message, WithDirectory), ExitCode.Failed);
        }
    }
}
