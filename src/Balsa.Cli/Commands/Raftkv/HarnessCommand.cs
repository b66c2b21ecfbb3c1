using System.CommandLine;
using System.Text.Json;
using Balsa.Adapters.Raftkv;
using Balsa.Cli.Chaos;
using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Check;
using Balsa.Cli.Harness;
using Balsa.Simulation.Judging;

namespace Balsa.Cli.Commands.Raftkv;

/// <summary>`balsa harness`: the tests of CS 380D against a front end and servers of this build.</summary>
internal static class HarnessCommand
{
    private const string KillWord = "kill", IptablesWord = "iptables";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var form = new Option<string>("--form")
        {
            Description = "How servers are taken away: kill (each test on a cluster of its own), or iptables (one sequence; root only).",
            HelpName = "FORM", DefaultValueFactory = _ => KillWord,
        };
        form.AcceptOnlyFromAmong(KillWord, IptablesWord);
        var rounds = NumberRange.Option("--rounds", "How many times.", 1, 1, 10_000);
        var servers = NumberRange.Option("--servers", "How many servers a cluster has.", 5, 3, RaftkvPorts.ServersMax - 1);
        var seed = new Option<int?>("--seed") { Description = "Decides keys and values; otherwise one is drawn.", HelpName = "S" };
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "harness", "Runs the tests of CS 380D, ported: gRPC on 8001 and 9001.., process kills and filters of ports, nothing else.",
            "balsa harness --rounds 20", "balsa harness --form iptables --rounds 20 --json");
        foreach (var option in new Option[] { form, rounds, servers, seed, json }) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var output = new Output(results, messages, parsed.GetValue(json));
            var isKill = parsed.GetValue(form) == KillWord;
            var missing = WhatIsMissing(isKill);
            if (missing is not null) return Skip(output, parsed.GetValue(form)!, missing);
            var drawn = parsed.GetValue(seed) ?? Random.Shared.Next();
            List<string> words =
            [
                "harness", "--form", parsed.GetValue(form)!, "--rounds", $"{parsed.GetValue(rounds)}",
                "--servers", $"{parsed.GetValue(servers)}",
                "--seed", $"{drawn}",
            ];
            if (output.IsJson) words.Add("--json");
            if (!NetworkCage.IsInside && NetworkCage.WhyNot() is null) return NetworkCage.RunAgainAsync(words).GetAwaiter().GetResult();
            output.Message($"seed {drawn}{(NetworkCage.IsInside ? ", in a network of its own" : "")}");
            var chosen = isKill ? HarnessForm.Kill : HarnessForm.Iptables;
            return RunAsync(output, chosen, parsed.GetValue(rounds), parsed.GetValue(servers), drawn).GetAwaiter().GetResult();
        });
        return command;
    }

    /// <summary>Null when this form can be carried out here.</summary>
    private static string? WhatIsMissing(bool isKill)
    {
        if (OperatingSystem.IsWindows()) return "servers are killed by name, and Windows has no pkill";
        if (!SystemTool.Exists("pkill")) return "the program pkill is not installed (Debian package procps)";
        if (isKill) return null;
        if (!SystemTool.Exists("iptables")) return "the program iptables is not installed (Debian package iptables)";
        return NetworkCage.IsInside ? null : NetworkCage.WhyNot();
    }

    private static int Skip(Output output, string form, string why)
    {
        output.Message($"skipped: {why}");
        output.Object(writer =>
        {
            writer.WriteString("form", form);
            writer.WriteString("skipped", why);
        });
        return ExitCode.Unknown;
    }

    private static async Task<int> RunAsync(Output output, HarnessForm form, int rounds, int servers, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("balsa-harness-").FullName;
        ThreadPool.SetMinThreads(32, 32);
        try
        {
            var progress = new HarnessProgress(output);
            await using var frontEnd = await HarnessFrontEnd.StartAsync(folder);
            var run = new HarnessRun(frontEnd, form, servers, progress, new Random(seed)) { KeepIn = folder };
            await run.BeginAsync();
            for (var i = 0; i < rounds; i++) await run.RoundAsync();
            await frontEnd.DisposeAsync();
            var isGood = !run.Report.IsBroken && run.Report.Verdict == Verdict.Linearizable;
            if (isGood) Directory.Delete(folder, recursive: true);
            else output.Message($"kept: {folder} with the data and the logs of the last servers");
            return Print(output, form, run.Report, seed);
        }
        catch (ChaosException problem)
        {
            return output.Fail(
                new Problem("the harness could not be carried out.", problem.Message, $"ls {folder}", "balsa harness --help"),
                ExitCode.Unknown);
        }
    }

    private static int Print(Output output, HarnessForm form, HarnessReport report, int seed)
    {
        var word = CheckFiles.Tell(report.Verdict).Word;
        foreach (var failure in report.Failures) output.Line($"FAILED {failure}");
        output.Line(
            $"{report.RoundsPassed} of {report.Rounds} rounds green, {report.Operations} operations of {report.Histories} clusters {word}, "
            + $"StartRaft answered within {report.StartsMs.DefaultIfEmpty().Max():F0} ms");
        output.Object(writer => Write(writer, form, report, word, seed));
        if (report.IsBroken) return ExitCode.Failed;
        return report.Verdict == Verdict.Linearizable ? ExitCode.Done : ExitCode.Unknown;
    }

    private static void Write(Utf8JsonWriter writer, HarnessForm form, HarnessReport report, string word, int seed)
    {
        writer.WriteString("form", form == HarnessForm.Kill ? KillWord : IptablesWord);
        writer.WriteNumber("rounds", report.Rounds);
        writer.WriteNumber("green", report.RoundsPassed);
        writer.WriteStartObject("tests");
        foreach (var (test, (passed, failed)) in report.Tests)
        {
            writer.WriteStartObject(test);
            writer.WriteNumber("passed", passed);
            writer.WriteNumber("failed", failed);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("failures");
        foreach (var failure in report.Failures) writer.WriteStringValue(failure);
        writer.WriteEndArray();
        writer.WriteString("verdict", word);
        writer.WriteNumber("operations", report.Operations);
        writer.WriteNumber("clusters", report.Histories);
        writer.WriteNumber("startRaftMaxMs", Math.Round(report.StartsMs.DefaultIfEmpty().Max(), 1));
        writer.WriteNumber("seed", seed);
    }
}
