using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>What became of each planted mistake, and of each variant that is no mistake. Several threads may report.</summary>
internal sealed class MutantReport(Output output, double patience)
{
    private readonly Lock _gate = new();
    private readonly List<double> _seconds = [];
    private readonly List<string> _missed = [], _byScenariosOnly = [];
    private readonly SortedDictionary<string, LayerCount> _layers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _oracles = new(StringComparer.Ordinal);

    public int Planted => _layers.Values.Sum(layer => layer.Planted);

    public int CaughtBySimulator { get; private set; }

    public int LegalVariants => _layers.Values.Sum(layer => layer.LegalVariants);

    public int FalseAlarms { get; private set; }

    public int Caught => CaughtBySimulator + _byScenariosOnly.Count;

    public IReadOnlyList<string> Missed => _missed;

    public IReadOnlyList<string> ByScenariosOnly => _byScenariosOnly;

    public IReadOnlyDictionary<string, LayerCount> Layers => _layers;

    /// <summary>Which oracle or finding spoke for which mistakes.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Oracles => _oracles;

    public double SlowestSeconds => _seconds.Count == 0 ? 0 : _seconds.Max();

    public double MedianSeconds => _seconds.Count == 0 ? 0 : _seconds.Order().ElementAt(_seconds.Count / 2);

    public void Try(HuntedMutant mutant)
    {
        if (mutant.IsLegal)
        {
            CountFalseAlarms(mutant);
            return;
        }

        var bySimulator = IsCaughtBySimulator(mutant);
        var byScenarios = !bySimulator && mutant.ChangesAStory();
        lock (_gate)
        {
            var layer = LayerOf(mutant);
            layer.Planted++;
            if (bySimulator || byScenarios) layer.Caught++;
            if (bySimulator) CaughtBySimulator++;
            else if (byScenarios) _byScenariosOnly.Add(mutant.Name);
            else _missed.Add(mutant.Name);
        }
    }

    /// <summary>From every first seed, so that none is caught by luck.</summary>
    private bool IsCaughtBySimulator(HuntedMutant mutant)
    {
        foreach (var first in MutantHunt.FirstSeeds)
        {
            var started = Stopwatch.GetTimestamp();
            var found = mutant.Hunt(first, () => Stopwatch.GetElapsedTime(started).TotalSeconds > patience);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            lock (_gate)
            {
                if (found is not { } caught)
                {
                    output.Message($"{mutant.Name}: not seen from seed {first} on in {seconds:F0} s");
                    return false;
                }

                _seconds.Add(seconds);
                if (!_oracles.TryGetValue(caught.Kind, out var caughtBy)) _oracles.Add(caught.Kind, caughtBy = new(StringComparer.Ordinal));
                caughtBy.Add(mutant.Name);
                output.Line($"{mutant.Name}: {caught.Kind}, seed {caught.Seed}, {seconds:F2} s");
            }
        }

        return true;
    }

    /// <summary>A correct behaviour that is only different must pass.</summary>
    private void CountFalseAlarms(HuntedMutant mutant)
    {
        var alarms = mutant.FalseAlarms().ToList();
        lock (_gate)
        {
            LayerOf(mutant).LegalVariants++;
            FalseAlarms += alarms.Count;
            foreach (var alarm in alarms) output.Message($"{mutant.Name} is no mistake but was flagged: {alarm}");
            if (alarms.Count == 0) output.Line($"{mutant.Name}: no mistake, and not flagged");
        }
    }

    private LayerCount LayerOf(HuntedMutant mutant)
    {
        if (!_layers.TryGetValue(mutant.Layer, out var layer)) _layers.Add(mutant.Layer, layer = new LayerCount());
        return layer;
    }
}
