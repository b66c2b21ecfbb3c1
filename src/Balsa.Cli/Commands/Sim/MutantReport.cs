using System.Diagnostics;
using Balsa.Cli.CommandLine;
using Balsa.Raft.Probes;
using Balsa.Simulation.Running;

namespace Balsa.Cli.Commands.Sim;

/// <summary>What became of each planted mistake, and of each variant that is no mistake.</summary>
internal sealed class MutantReport(Output output, double patience)
{
    private const int LegalSeeds = 150;
    private readonly List<double> _seconds = [];
    private readonly List<Mutant> _missed = [], _byScenariosOnly = [];

    public int Planted { get; private set; }

    public int CaughtBySimulator { get; private set; }

    public int LegalVariants { get; private set; }

    public int FalseAlarms { get; private set; }

    public int Caught => CaughtBySimulator + _byScenariosOnly.Count;

    public IReadOnlyList<Mutant> Missed => _missed;

    public IReadOnlyList<Mutant> ByScenariosOnly => _byScenariosOnly;

    public double SlowestSeconds => _seconds.Count == 0 ? 0 : _seconds.Max();

    public double MedianSeconds => _seconds.Count == 0 ? 0 : _seconds.Order().ElementAt(_seconds.Count / 2);

    public void Try(Mutant mutant)
    {
        if (MutantHunt.Legal.Contains(mutant)) CountFalseAlarms(mutant);
        else if (IsCaughtBySimulator(mutant)) CaughtBySimulator++;
        else if (MutantHunt.ChangesAStory(mutant)) _byScenariosOnly.Add(mutant);
        else _missed.Add(mutant);
        if (!MutantHunt.Legal.Contains(mutant)) Planted++;
    }

    /// <summary>From every first seed, so that none is caught by luck.</summary>
    private bool IsCaughtBySimulator(Mutant mutant)
    {
        foreach (var first in MutantHunt.FirstSeeds)
        {
            var started = Stopwatch.GetTimestamp();
            var result = MutantHunt.Hunt(mutant, first, () => Stopwatch.GetElapsedTime(started).TotalSeconds > patience);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (result is null)
            {
                output.Message($"{mutant}: not seen from seed {first} on in {seconds:F0} s");
                return false;
            }
            _seconds.Add(seconds);
            output.Line($"{mutant}: {result.FailureKind}, seed {result.Seed}, {seconds:F2} s");
        }
        return true;
    }

    /// <summary>A correct behaviour that is only different must pass.</summary>
    private void CountFalseAlarms(Mutant mutant)
    {
        LegalVariants++;
        for (var i = 0UL; i < LegalSeeds; i++)
        {
            var result = SimulationRunner.Run(new SimulationRequest { Seed = MutantHunt.FirstSeeds[0] + i, Mutant = mutant });
            if (!result.Failed) continue;
            FalseAlarms++;
            output.Message($"{mutant} is no mistake but was flagged: seed {result.Seed}: {result.Failure}");
        }
    }
}
