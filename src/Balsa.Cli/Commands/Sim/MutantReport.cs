using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>What became of each planted mistake, and of each variant that is no mistake.</summary>
internal sealed class MutantReport(Output output, double patience)
{
    private readonly List<double> _seconds = [];
    private readonly List<string> _missed = [], _byScenariosOnly = [];

    public int Planted { get; private set; }

    public int CaughtBySimulator { get; private set; }

    public int LegalVariants { get; private set; }

    public int FalseAlarms { get; private set; }

    public int Caught => CaughtBySimulator + _byScenariosOnly.Count;

    public IReadOnlyList<string> Missed => _missed;

    public IReadOnlyList<string> ByScenariosOnly => _byScenariosOnly;

    public double SlowestSeconds => _seconds.Count == 0 ? 0 : _seconds.Max();

    public double MedianSeconds => _seconds.Count == 0 ? 0 : _seconds.Order().ElementAt(_seconds.Count / 2);

    public void Try(HuntedMutant mutant)
    {
        if (mutant.IsLegal) CountFalseAlarms(mutant);
        else if (IsCaughtBySimulator(mutant)) CaughtBySimulator++;
        else if (mutant.ChangesAStory()) _byScenariosOnly.Add(mutant.Name);
        else _missed.Add(mutant.Name);
        if (!mutant.IsLegal) Planted++;
    }

    /// <summary>From every first seed, so that none is caught by luck.</summary>
    private bool IsCaughtBySimulator(HuntedMutant mutant)
    {
        foreach (var first in MutantHunt.FirstSeeds)
        {
            var started = Stopwatch.GetTimestamp();
            var found = mutant.Hunt(first, () => Stopwatch.GetElapsedTime(started).TotalSeconds > patience);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (found is not { } caught)
            {
                output.Message($"{mutant.Name}: not seen from seed {first} on in {seconds:F0} s");
                return false;
            }
            _seconds.Add(seconds);
            output.Line($"{mutant.Name}: {caught.Kind}, seed {caught.Seed}, {seconds:F2} s");
        }
        return true;
    }

    /// <summary>A correct behaviour that is only different must pass.</summary>
    private void CountFalseAlarms(HuntedMutant mutant)
    {
        LegalVariants++;
        foreach (var alarm in mutant.FalseAlarms())
        {
            FalseAlarms++;
            output.Message($"{mutant.Name} is no mistake but was flagged: {alarm}");
        }
    }
}
