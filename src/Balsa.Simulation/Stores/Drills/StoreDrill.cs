using System.Text;
using Balsa.KeyValue.Probes;
using Balsa.Simulation.Randomness;
using Balsa.Simulation.Stores.Playing;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>
/// Plays with the store, round after round, and compares it with the model: one seed is one round. It belongs to one
/// thread; whoever wants two at a time takes two.
/// </summary>
public sealed class StoreDrill
{
    private const int ShownSteps = 40;

    private readonly StoreMutant? _mutant;

    /// <param name="mutant">Null for the store that ships; <see cref="StoreMutant.None"/> for the mutant build without a mistake.</param>
    public StoreDrill(StoreMutant? mutant = null) => _mutant = mutant;

    /// <summary>The sum of all rounds so far.</summary>
    public StoreDrillReport Report { get; } = new();

    /// <summary>Whether a failing round is made smaller before it is told.</summary>
    public bool Shrinks { get; set; } = true;

    /// <summary>Plays one round. What it found, or null.</summary>
    public StoreRoundFailure? Run(ulong seed)
    {
        if (_mutant is { } mutant) PlantedStoreProbe.Plant(mutant);
        var dice = new Dice(Mixing.Mix(seed, 0x5708E));
        var settings = RoundSettings.Draw(dice) with
        {
            PublishesAlways = _mutant == StoreMutant.LegalPublishAfterEveryCommand,
            StepsMax = _mutant == StoreMutant.LegalSmallSlices ? 1 : int.MaxValue,
        };
        var played = new List<StoreAction>();
        var difference = new StoreRound(dice, settings, Player(settings, Report.Sights)).Play(played);
        Report.Rounds++;
        if (difference is not { } found) return null;
        var failure = new StoreRoundFailure(seed, found.Finding, Tell(settings, played, found));
        Report.Add(failure);
        return failure;
    }

    private IStorePlayer Player(RoundSettings settings, StoreSights sights) => _mutant is null
        ? new StorePlayer<NoStoreProbe>(settings, sights)
        : new StorePlayer<PlantedStoreProbe>(settings, sights);

    private string Tell(RoundSettings settings, List<StoreAction> played, StoreDifference difference)
    {
        var text = new StringBuilder($"step {played.Count}: {played[^1]}: {difference.Text}");
        if (!Shrinks) return text.ToString();
        var (actions, smaller) = StoreShrinker.Shrink(() => Player(settings, new StoreSights()), played, difference);
        text.Append($"\n  {settings}\n  the smallest case found has {actions.Count} steps:");
        foreach (var action in actions.Skip(actions.Count - ShownSteps)) text.Append($"\n    {action}");
        return text.Append($"\n  {smaller.Text}").ToString();
    }
}
