using Balsa.Simulation.Judging;

namespace Balsa.Cli.Harness;

/// <summary>What several rounds of the harness came to.</summary>
internal sealed class HarnessReport
{
    private readonly SortedDictionary<string, (int Passed, int Failed)> _tests = new(StringComparer.Ordinal);

    internal int Rounds { get; set; }

    internal int RoundsPassed { get; set; }

    internal List<string> Failures { get; } = [];

    internal int Operations { get; set; }

    /// <summary>Histories of clusters, each judged by itself.</summary>
    internal int Histories { get; set; }

    internal Verdict Verdict { get; set; } = Verdict.Linearizable;

    internal List<double> StartsMs { get; } = [];

    internal IReadOnlyDictionary<string, (int Passed, int Failed)> Tests => _tests;

    internal bool IsBroken => Failures.Count > 0 || Verdict == Verdict.NotLinearizable;

    internal void Count(string test, bool passed)
    {
        var (good, bad) = _tests.GetValueOrDefault(test);
        _tests[test] = passed ? (good + 1, bad) : (good, bad + 1);
        if (!passed) Failures.Add($"round {Rounds}: {test}");
    }
}
