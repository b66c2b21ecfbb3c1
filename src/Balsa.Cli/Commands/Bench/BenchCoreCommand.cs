using System.CommandLine;
using System.Globalization;
using Balsa.Bench.CoreBench;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Scoreboards;

namespace Balsa.Cli.Commands.Bench;

/// <summary>`balsa bench core`: three voters in one thread, without disk and network.</summary>
internal static class BenchCoreCommand
{
    internal const string ScoreName = "core bench >= 2 M proposals/s, 0 bytes each";
    private const double Target = 2_000_000;
    private const int RoundsMax = 100;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var json = CliCommand.JsonOption();
        var outstanding = new Option<int>("--outstanding")
        {
            Description = "How many callers wait at the same time (1 to 16000).", DefaultValueFactory = _ => 256, HelpName = "N",
        };
        var total = new Option<long>("--total")
        {
            Description = "Proposals in each of the measured rounds (1000 to 1000000000).",
            DefaultValueFactory = _ => 2_000_000, HelpName = "N",
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = $"Measured rounds, after one that warms up (1 to {RoundsMax}); the median counts.",
            DefaultValueFactory = _ => 5, HelpName = "N",
        };
        var command = new CliCommand(
            "core", "Proposals a second that the consensus core takes: three voters, one thread, no disk, no network.",
            "balsa bench core", "balsa bench core --outstanding 1 --json");
        command.Options.Add(json);
        command.Options.Add(outstanding);
        command.Options.Add(total);
        command.Options.Add(rounds);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var (callers, proposals, times) = (parsed.GetValue(outstanding), parsed.GetValue(total), parsed.GetValue(rounds));
            var problem = WhatIsWrong(callers, proposals, times);
            return problem is null ? Run(output, callers, proposals, times) : output.Fail(problem, ExitCode.Usage);
        });
        return command;
    }

    private static Problem? WhatIsWrong(int callers, long proposals, int rounds)
    {
        // The core refuses proposals beyond 16,384 uncommitted entries as busy, so more callers would measure refusals.
        if (callers is < 1 or > 16_000) return OutOfRange("--outstanding", callers, "1", "16000");
        if (proposals is < 1000 or > 1_000_000_000) return OutOfRange("--total", proposals, "1000", "1000000000");
        return rounds is < 1 or > RoundsMax ? OutOfRange("--rounds", rounds, "1", RoundsMax.ToString(CultureInfo.InvariantCulture)) : null;
    }

    private static Problem OutOfRange(string option, long value, string min, string max) =>
        new($"{option} is {value}.", $"It must be between {min} and {max}.", "balsa bench core --help");

    private static int Run(Output output, int callers, long proposals, int rounds)
    {
        var bench = new CoreBenchmark(callers);
        bench.Run(proposals);
        var measured = Enumerable.Range(0, rounds).Select(_ => bench.Run(proposals)).OrderBy(r => r.ProposalsPerSecond).ToList();
        var median = measured[measured.Count / 2];
        var bytes = measured.Max(r => r.BytesPerProposal);
        var isTheTargetRun = callers == 256;
        var holds = bytes == 0 && (!isTheTargetRun || median.ProposalsPerSecond >= Target);
        var (slowest, fastest) = (measured[0].ProposalsPerSecond / 1e6, measured[^1].ProposalsPerSecond / 1e6);
        output.Line($"{median.ProposalsPerSecond / 1e6:F2} M proposals/s (median of {rounds}; {slowest:F2} to {fastest:F2})");
        output.Line($"{bytes:0.###} bytes allocated for each, {callers} outstanding, 3 voters, one thread");
        output.Object(writer =>
        {
            writer.WriteNumber("proposalsPerSecond", Math.Round(median.ProposalsPerSecond));
            writer.WriteNumber("bytesPerProposal", bytes);
            writer.WriteNumber("slowestRound", Math.Round(measured[0].ProposalsPerSecond));
            writer.WriteNumber("fastestRound", Math.Round(measured[^1].ProposalsPerSecond));
            writer.WriteNumber("outstanding", callers);
            writer.WriteNumber("voters", 3);
            writer.WriteNumber("rounds", rounds);
            writer.WriteBoolean("holds", holds);
        });
        if (isTheTargetRun) Scoreboard.Record(ScoreName, $"{median.ProposalsPerSecond / 1e6:F2} M/s, {bytes:0.###} bytes", holds);
        return holds ? ExitCode.Done : ExitCode.Failed;
    }
}
