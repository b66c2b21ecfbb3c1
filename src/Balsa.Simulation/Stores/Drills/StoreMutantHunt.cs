using Balsa.KeyValue.Probes;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>Looks for a mistake planted in the store: round after round until one finds something.</summary>
public static class StoreMutantHunt
{
    /// <summary>Rounds that a variant which is no mistake must pass from each first seed.</summary>
    public const int LegalRounds = 300;

    /// <summary>Mistakes to be caught by the drill.</summary>
    public static IReadOnlyList<StoreMutant> Mistakes { get; } =
        [.. Enum.GetValues<StoreMutant>().Where(mutant => mutant != StoreMutant.None && !IsLegal(mutant))];

    /// <summary>Correct behaviour that is only different.</summary>
    public static IReadOnlyList<StoreMutant> Legal { get; } = [.. Enum.GetValues<StoreMutant>().Where(IsLegal)];

    /// <summary>The first round that finds something, or null when the patience was over first.</summary>
    public static StoreRoundFailure? Hunt(StoreMutant mutant, ulong firstSeed, Func<bool> isOutOfPatience)
    {
        ArgumentNullException.ThrowIfNull(isOutOfPatience);
        var drill = new StoreDrill(mutant) { Shrinks = false };
        for (var seed = firstSeed; ; seed++)
        {
            if (drill.Run(seed) is { } failure) return failure;
            // What is never met any more is a difference, too.
            if (drill.Report.NeverHit() is [var missing, ..])
                return new StoreRoundFailure(seed, StoreFinding.NeverHit, $"never happened: {missing}");
            if (isOutOfPatience()) return null;
        }
    }

    private static bool IsLegal(StoreMutant mutant) => mutant.ToString().StartsWith("Legal", StringComparison.Ordinal);
}
