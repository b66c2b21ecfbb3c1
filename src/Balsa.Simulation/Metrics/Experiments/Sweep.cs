using System.Globalization;

namespace Balsa.Simulation.Metrics.Experiments;

/// <summary>One parameter of an experiment, and the values that it takes one after the other.</summary>
public sealed record Sweep(string Name, IReadOnlyList<double> Values)
{
    private const int ValuesMax = 100;

    private static readonly (string Name, double Min, double Max, Func<Experiment, double, Experiment> Set)[] Parameters =
    [
        ("servers", 1, 21, (experiment, value) => experiment with { Servers = (int)value }),
        ("gp_ratio", 0, 1, (experiment, value) => experiment with { GetShare = value }),
        ("loss", 0, 1, (experiment, value) => experiment with { Loss = value }),
        ("delay", 0.01, 60_000, (experiment, value) => experiment with { DelayMs = value }),
        ("heartbeat", 1, 60_000, (experiment, value) => experiment with { HeartbeatMs = value }),
        ("election", 2, 600_000, (experiment, value) => experiment with { ElectionTimeoutMs = value }),
        ("clients", 1, 200, (experiment, value) => experiment with { Clients = (int)value }),
        ("requests", 1, 1_000_000, (experiment, value) => experiment with { Requests = (int)value }),
        ("seed", 0, long.MaxValue, (experiment, value) => experiment with { Seed = (ulong)value }),
    ];

    /// <summary>A text like servers=3,5,7.</summary>
    /// <exception cref="ExperimentException">It is none.</exception>
    public static Sweep Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('=');
        var names = string.Join(", ", Parameters.Select(parameter => parameter.Name));
        if (parts.Length != 2)
            throw new ExperimentException($"\"{text}\" is no sweep.", $"One looks like servers=3,5,7. There are {names}.");
        var known = Parameters.FirstOrDefault(parameter => parameter.Name == parts[0]);
        if (known.Name is null) throw new ExperimentException($"There is no parameter \"{parts[0]}\".", $"There are {names}.");
        var values = new List<double>();
        foreach (var word in parts[1].Split(','))
        {
            var isWhole = known.Name is "servers" or "clients" or "requests" or "seed";
            var isNumber = double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value);
            if (!isNumber || !(value >= known.Min && value <= known.Max) || (isWhole && value != Math.Floor(value)))
                throw new ExperimentException(
                    $"\"{word}\" is no value of \"{known.Name}\".",
                    FormattableString.Invariant($"It takes {(isWhole ? "whole " : "")}numbers from {known.Min} to {known.Max}."));
            values.Add(value);
        }

        return values.Count <= ValuesMax ? new Sweep(known.Name, values)
            : throw new ExperimentException($"\"{known.Name}\" has {values.Count} values.", $"A sweep has at most {ValuesMax}.");
    }

    /// <summary>An experiment for every combination of values.</summary>
    /// <exception cref="ExperimentException">A combination cannot work.</exception>
    public static IReadOnlyList<Experiment> Combine(Experiment experiment, IReadOnlyList<Sweep> sweeps)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        IReadOnlyList<Experiment> all = [experiment];
        foreach (var sweep in sweeps ?? [])
            all = [.. all.SelectMany(one => sweep.Values.Select(value => sweep.Apply(one, value)))];
        foreach (var one in all)
        {
            if (one.ElectionTimeoutMs < 2 * one.HeartbeatMs) throw ExperimentReader.TooImpatient(one);
            if (one.Actions.FirstOrDefault(action => action.Server >= one.Servers) is { } action)
                throw new ExperimentException(
                    $"There is no server {action.Server} among {one.Servers}.", $"The action {action.Category} names it.");
        }

        return all;
    }

    /// <summary>The value of this parameter in an experiment of the sweep.</summary>
    public double ValueIn(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return Name switch
        {
            "servers" => experiment.Servers,
            "gp_ratio" => experiment.GetShare,
            "loss" => experiment.Loss,
            "delay" => experiment.DelayMs,
            "heartbeat" => experiment.HeartbeatMs,
            "election" => experiment.ElectionTimeoutMs,
            "clients" => experiment.Clients,
            "requests" => experiment.Requests,
            _ => experiment.Seed,
        };
    }

    private Experiment Apply(Experiment experiment, double value)
    {
        var set = Parameters.First(parameter => parameter.Name == Name).Set(experiment, value);
        var word = value.ToString("0.####", CultureInfo.InvariantCulture);
        return set with { Name = $"{experiment.Name} {Name}={word}" };
    }
}
