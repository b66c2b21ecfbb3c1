using Balsa.Storage.Probes;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>Looks for a mistake planted in storage: round after round until one finds something.</summary>
public static class DiskMutantHunt
{
    /// <summary>Rounds that a variant which is no mistake must pass from each first seed.</summary>
    public const int LegalRounds = 3000;

    /// <summary>Mistakes to be caught by the drill.</summary>
    public static IReadOnlyList<StorageMutant> Mistakes { get; } = Pick(IsMistake);

    /// <summary>Correct behaviour that is only different.</summary>
    public static IReadOnlyList<StorageMutant> Legal { get; } = Pick(IsLegal);

    /// <summary>The first round that finds something, or null when the patience was over first.</summary>
    public static DiskRoundFailure? Hunt(StorageMutant mutant, ulong firstSeed, Func<bool> isOutOfPatience)
    {
        ArgumentNullException.ThrowIfNull(isOutOfPatience);
        var drill = new DiskDrill(mutant);
        for (var seed = firstSeed; ; seed++)
        {
            if (drill.Run(seed) is { } failure) return failure;
            // What is never met any more is a difference, too.
            if (drill.Report.NeverHit() is [var missing, ..])
                return new DiskRoundFailure(seed, DiskFinding.NeverHit, $"never happened: {missing}");
            if (isOutOfPatience()) return null;
        }
    }

    private static bool IsLegal(StorageMutant mutant) => Name(mutant, "Legal") && !IsOfShelf(mutant);

    /// <summary>The drill has no shelf: these are met in the full world.</summary>
    private static bool IsOfShelf(StorageMutant mutant) => Name(mutant, "Shelf") || Name(mutant, "LegalShelf");

    private static bool IsMistake(StorageMutant mutant) =>
        mutant != StorageMutant.None && !Name(mutant, "Legal") && !IsOfShelf(mutant);

    private static bool Name(StorageMutant mutant, string beginning) => mutant.ToString().StartsWith(beginning, StringComparison.Ordinal);

    private static List<StorageMutant> Pick(Func<StorageMutant, bool> isWanted)
    {
        var picked = new List<StorageMutant>();
        foreach (var mutant in Enum.GetValues<StorageMutant>())
            if (isWanted(mutant)) picked.Add(mutant);
        return picked;
    }
}
