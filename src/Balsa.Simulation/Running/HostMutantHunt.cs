using Balsa.Raft.Probes;
using Balsa.Storage.Probes;

namespace Balsa.Simulation.Running;

/// <summary>Looks for mistakes of replica and node, which only happen where there are whole nodes: in the full world.</summary>
public static class HostMutantHunt
{
    /// <summary>Seeds that a variant which is no mistake must pass from each first seed.</summary>
    public const int LegalSeeds = 10;

    private static readonly string[] Beginnings = ["Host", "Node", "Shelf", "Build"];

    /// <summary>
    /// What takes more coincidences than a world has: named tests of replica and node plant these and catch them.
    /// </summary>
    public static IReadOnlyList<Mutant> LeftToTests { get; } =
    [
        Mutant.HostNumbersForwardsFromOne, Mutant.HostServesSetAside, Mutant.NodeWelcomesOldState, Mutant.NodeJudgesSecondLink,
        Mutant.NodeJudgesRepairing,
    ];

    /// <summary>Mistakes to be caught by the full world.</summary>
    public static IReadOnlyList<PlantedMistake> Mistakes { get; } = [.. Pick("")];

    /// <summary>Correct behaviour that is only different.</summary>
    public static IReadOnlyList<PlantedMistake> Legal { get; } = [.. Pick("Legal")];

    /// <summary>Whether its name says that it needs a host.</summary>
    public static bool Is(Mutant mutant) => Begins($"{mutant}", "") || Begins($"{mutant}", "Legal");

    /// <summary>The first seed that fails, or null when the patience was over first.</summary>
    public static SeedResult? Hunt(PlantedMistake mistake, ulong firstSeed, Func<bool> isOutOfPatience)
    {
        ArgumentNullException.ThrowIfNull(isOutOfPatience);
        for (var seed = firstSeed; ; seed++)
        {
            var result = SimulationRunner.Run(mistake.In(WorldKind.Full, seed));
            if (result.Failed) return result;
            if (isOutOfPatience()) return null;
        }
    }

    private static IEnumerable<PlantedMistake> Pick(string before)
    {
        foreach (var mutant in Enum.GetValues<Mutant>())
            if (Begins($"{mutant}", before) && !LeftToTests.Contains(mutant)) yield return new PlantedMistake(mutant, StorageMutant.None);
        foreach (var mutant in Enum.GetValues<StorageMutant>())
            if (Begins($"{mutant}", before)) yield return new PlantedMistake(Mutant.None, mutant);
    }

    private static bool Begins(string name, string before) =>
        Array.Exists(Beginnings, beginning => name.StartsWith(before + beginning, StringComparison.Ordinal));
}
