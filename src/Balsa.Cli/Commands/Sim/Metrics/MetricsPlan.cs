using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Metrics.Experiments;

namespace Balsa.Cli.Commands.Sim.Metrics;

/// <summary>Which experiments run, and where their reports go. What can be wrong with it is found before anything runs.</summary>
internal sealed record MetricsPlan(IReadOnlyList<Experiment> Experiments, IReadOnlyList<Sweep> Sweeps, IReadOnlyList<string> Outputs)
{
    private static readonly string[] Endings = [".html", ".csv", ".json", ".txt", ".jsonl"];

    public Mutant? Mutant { get; init; }

    /// <summary>On real processes and in real time.</summary>
    public bool IsReal { get; init; }

    /// <summary>Shows what real servers print.</summary>
    public bool IsTraced { get; init; }

    public bool IsOne => Experiments.Count == 1;

    /// <exception cref="ExperimentException">It cannot be carried out.</exception>
    public static MetricsPlan Of(string[] files, bool matrix, ulong? seed, string[] sweepTexts, string[] outputs)
    {
        if (matrix && files.Length > 0)
            throw new ExperimentException("--matrix takes no file.", "It runs all experiments that come along.");
        string[] names = matrix ? [.. ExperimentShelf.Names] : files.Length > 0 ? files : [ExperimentShelf.First];
        var sweeps = sweepTexts.Select(Sweep.Parse).ToArray();
        var experiments = new List<Experiment>();
        foreach (var name in names)
        {
            var found = Find(name);
            if (seed is { } given) found = found with { Seed = given };
            experiments.AddRange(Sweep.Combine(found, sweeps));
        }

        foreach (var path in outputs) Check(path, experiments.Count);
        return new MetricsPlan(experiments, sweeps, outputs);
    }

    private static void Check(string path, int runs)
    {
        var ending = Path.GetExtension(path);
        if (!Endings.Contains(ending, StringComparer.Ordinal))
            throw new ExperimentException($"--out {path} has no known ending.", $"There are {string.Join(", ", Endings)}.");
        if (ending == ".jsonl" && runs > 1)
            throw new ExperimentException($"--out {path} is for the history of one run.", $"This would be {runs} runs.");
    }

    private static Experiment Find(string name)
    {
        if (!File.Exists(name))
        {
            return ExperimentShelf.Find(name) ?? throw new ExperimentException(
                $"There is no file {name}, and no experiment of that name comes along.", Near(name));
        }

        try
        {
            return ExperimentReader.Read(Path.GetFileNameWithoutExtension(name), File.ReadAllText(name));
        }
        catch (ExperimentException problem)
        {
            throw new ExperimentException($"{name}: {problem.Message}", problem.Why);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ExperimentException($"{name} cannot be read.", problem.Message);
        }
    }

    private static string Near(string name)
    {
        var near = NearestNames.To(name, ExperimentShelf.Names);
        return $"{(near.Count > 0 ? "Near are" : "There are")} {string.Join(", ", near.Count > 0 ? near : ExperimentShelf.Names)}.";
    }
}
