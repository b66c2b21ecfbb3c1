using System.Diagnostics;
using System.Text.Json;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Windows;

namespace Balsa.Cli.Commands.Check;

/// <summary>Judges one history after the other and prints what came out.</summary>
internal sealed class CheckFiles(Output output, Oracle oracle, TimeSpan limit)
{
    private static readonly string[] Endings = [".jsonl", ".log", ".txt"];

    public int Run(IReadOnlyList<string> paths)
    {
        var checkedFiles = new List<CheckedFile>();
        foreach (var path in paths)
        {
            if (TryList(path) is not { } files) return NothingThere(path);
            foreach (var file in files)
            {
                if (Check(file) is not { } found) return ExitCode.Usage;
                checkedFiles.Add(found);
            }
        }

        return Print(checkedFiles);
    }

    internal static (string Word, int ExitCode) Tell(Verdict verdict) => verdict switch
    {
        Verdict.Linearizable => ("linearizable", ExitCode.Done),
        Verdict.NotLinearizable => ("not-linearizable", ExitCode.Failed),
        _ => ("unknown", ExitCode.Unknown),
    };

    internal static string Tell(Oracle used) => used == Oracle.Revisions ? "revisions" : "wgl";

    /// <summary>Null when a folder holds nothing to judge.</summary>
    private static List<string>? TryList(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var files = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0 ? files : null;
    }

    private int NothingThere(string folder) => output.Fail(
        new Problem($"{folder} holds no history.", $"In a folder files ending in {string.Join(", ", Endings)} are judged.",
            "balsa check --help"),
        ExitCode.Usage);

    /// <summary>Null when it is no history that this oracle can judge; then that was said.</summary>
    private CheckedFile? Check(string path)
    {
        try
        {
            var reading = Stopwatch.StartNew();
            var history = HistoryReader.Read(File.ReadLines(path));
            var readSeconds = reading.Elapsed.TotalSeconds;
            var watch = Stopwatch.StartNew();
            var judgement = Judge.Decide(history, () => watch.Elapsed >= limit, oracle);
            var found = new CheckedFile(path, judgement, history.Operations.Count, watch.Elapsed.TotalSeconds, readSeconds);
            Show(found);
            return found;
        }
        catch (HistoryException problem)
        {
            output.Fail(new Problem($"{path}: {problem.Message}", problem.Why, "balsa check --help"), ExitCode.Usage);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var what = File.Exists(path) ? $"{path} cannot be read." : $"There is no file {path}.";
            output.Fail(new Problem(what, problem.Message, "balsa check --help"), ExitCode.Usage);
        }

        return null;
    }

    private void Show(CheckedFile file)
    {
        var word = Tell(file.Judgement.Verdict).Word;
        output.Line($"{word}: {file.Operations} operations in {file.Seconds:F3} s ({Tell(file.Judgement.Oracle)}) {file.Path}");
        foreach (var line in WindowText.Of(file.Judgement)) output.Line(line);
        if (file.Judgement.Verdict == Verdict.Unknown)
            output.Line($"Not decided within {limit.TotalSeconds:0.###} s. More may help: --time-limit {limit.TotalSeconds * 10:0}s");
    }

    private int Print(List<CheckedFile> files)
    {
        var verdicts = files.ConvertAll(file => file.Judgement.Verdict);
        var sum = verdicts.Contains(Verdict.NotLinearizable) ? Verdict.NotLinearizable
            : verdicts.Contains(Verdict.Unknown) ? Verdict.Unknown : Verdict.Linearizable;
        var (word, exitCode) = Tell(sum);
        if (files.Count > 1)
        {
            output.Line(
                $"{files.Count} histories: {verdicts.Count(verdict => verdict == Verdict.Linearizable)} linearizable, "
                + $"{verdicts.Count(verdict => verdict == Verdict.NotLinearizable)} not, "
                + $"{verdicts.Count(verdict => verdict == Verdict.Unknown)} unknown, in {files.Sum(file => file.Seconds):F3} s");
        }

        output.Object(writer =>
        {
            writer.WriteString("verdict", word);
            writer.WriteNumber("operations", files.Sum(file => file.Operations));
            writer.WriteNumber("seconds", Math.Round(files.Sum(file => file.Seconds), 3));
            writer.WriteNumber("readSeconds", Math.Round(files.Sum(file => file.ReadSeconds), 3));
            if (files.Count == 1) writer.WriteString("oracle", Tell(files[0].Judgement.Oracle));
            else Write(writer, files);
        });
        return exitCode;
    }

    private static void Write(Utf8JsonWriter writer, List<CheckedFile> files)
    {
        writer.WriteStartArray("files");
        foreach (var file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("file", file.Path);
            writer.WriteString("verdict", Tell(file.Judgement.Verdict).Word);
            writer.WriteString("oracle", Tell(file.Judgement.Oracle));
            writer.WriteNumber("operations", file.Operations);
            writer.WriteNumber("seconds", Math.Round(file.Seconds, 4));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

/// <summary>What came out of one file.</summary>
internal sealed record CheckedFile(string Path, Judgement Judgement, int Operations, double Seconds, double ReadSeconds);
