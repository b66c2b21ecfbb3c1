using Balsa.Raft.Probes;
using Balsa.Simulation.Probes;
using Balsa.Simulation.Scenarios;

namespace Balsa.Simulation.Running;

/// <summary>
/// Looks for a mistake planted in the core: seed after seed until some oracle speaks. The caller says when its patience is over,
/// because this project has no clock.
/// </summary>
public static class MutantHunt
{
    /// <summary>Three unrelated places to begin, so that no mistake is caught by one lucky seed.</summary>
    public static IReadOnlyList<ulong> FirstSeeds { get; } = [1_000_000, 77_000_000_000, 0x9E3779B97F4A7C15];

    /// <summary>Mistakes to be caught; <see cref="Legal"/> are those that must not be.</summary>
    public static IReadOnlyList<Mutant> Mistakes { get; } = Pick(legal: false);

    public static IReadOnlyList<Mutant> Legal { get; } = Pick(legal: true);

    /// <summary>The first seed that fails, or null when the patience was over first.</summary>
    public static SeedResult? Hunt(Mutant mutant, ulong firstSeed, Func<bool> isOutOfPatience)
    {
        ArgumentNullException.ThrowIfNull(isOutOfPatience);
        for (var seed = firstSeed; ; seed++)
        {
            var result = SimulationRunner.Run(new SimulationRequest { Seed = seed, Mutant = mutant });
            if (result.Failed) return result;
            if (isOutOfPatience()) return null;
        }
    }

    /// <summary>Whether the recorded scenarios tell another story with the mistake in it.</summary>
    public static bool ChangesAStory(Mutant mutant)
    {
        var marks = new MarkCounts();
        foreach (var result in ScenarioSuite.Run(() => new MutantProbe(marks, mutant), ScenarioSuite.BuiltIn()))
            if (!result.PlayedAsRecorded) return true;
        return false;
    }

    private static List<Mutant> Pick(bool legal)
    {
        var picked = new List<Mutant>();
        foreach (var mutant in Enum.GetValues<Mutant>())
            if (mutant != Mutant.None && !HostMutantHunt.Is(mutant) && IsNamed(mutant, "Legal") == legal) picked.Add(mutant);
        return picked;
    }

    private static bool IsNamed(Mutant mutant, string beginning) => mutant.ToString().StartsWith(beginning, StringComparison.Ordinal);
}
