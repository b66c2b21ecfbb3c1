using System.CommandLine;
using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Cli.Commands;

/// <summary>`balsa check FILE`: whether what clients saw can come from one store that does one thing at a time.</summary>
internal static class CheckCommand
{
    private const int DefaultSeconds = 60;
    private const int SecondsMax = 86_400;

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var file = new Argument<string>("file") { Description = "A history: JSON lines, a Jepsen register log, or Porcupine's maps." };
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long to search before the verdict is unknown.", HelpName = "T", DefaultValueFactory = _ => DefaultSeconds,
        };
        NumberRange.Limit(seconds, 1, SecondsMax);
        var json = CliCommand.JsonOption();
        var command = new CliCommand(
            "check", "Judges a history of operations: linearizable, not linearizable, or unknown.",
            "balsa check history.jsonl", "balsa check etcd_002.log --seconds 300", "balsa check history.jsonl --json");
        command.Arguments.Add(file);
        command.Options.Add(seconds);
        command.Options.Add(json);
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetValue(seconds), new Output(results, messages, parsed.GetValue(json))));
        return command;
    }

    private static int Run(string path, int seconds, Output output)
    {
        try
        {
            return Decide(HistoryReader.Read(File.ReadLines(path)), seconds, output);
        }
        catch (HistoryException problem)
        {
            return output.Fail(new Problem($"{path}: {problem.Message}", problem.Why, "balsa check --help"), ExitCode.Usage);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var what = File.Exists(path) || Directory.Exists(path) ? $"{path} cannot be read." : $"There is no file {path}.";
            return output.Fail(new Problem(what, problem.Message, "balsa check --help"), ExitCode.Usage);
        }
    }

    private static int Decide(History history, int seconds, Output output)
    {
        var watch = Stopwatch.StartNew();
        var judgement = Judge.Decide(history, () => watch.Elapsed.TotalSeconds >= seconds);
        var elapsed = watch.Elapsed.TotalSeconds;
        var (word, exitCode) = judgement.Verdict switch
        {
            Verdict.Linearizable => ("linearizable", ExitCode.Done),
            Verdict.NotLinearizable => ("not-linearizable", ExitCode.Failed),
            _ => ("unknown", ExitCode.Unknown),
        };
        output.Line($"{word}: {history.Operations.Count} operations in {elapsed:F3} s");
        foreach (var line in WindowText.Of(judgement.Window)) output.Line(line);
        if (exitCode == ExitCode.Unknown)
            output.Line($"The search did not end within {seconds} s. More may help: --seconds {Math.Min(seconds * 10L, SecondsMax)}");
        output.Object(writer =>
        {
            writer.WriteString("verdict", word);
            writer.WriteNumber("operations", history.Operations.Count);
            writer.WriteNumber("seconds", Math.Round(elapsed, 3));
        });
        return exitCode;
    }
}
