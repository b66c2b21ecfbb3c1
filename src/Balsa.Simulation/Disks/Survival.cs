using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Disks;

/// <summary>The common ways to lose what was not synced. <see cref="EveryOutcome"/> tries them all.</summary>
internal sealed class Survival : ISurvival
{
    private readonly long _lastStep;
    private readonly Dice? _dice;
    private readonly int _keptPermille;

    private Survival(long lastStep, Dice? dice = null, int keptPermille = 0) =>
        (_lastStep, _dice, _keptPermille) = (lastStep, dice, keptPermille);

    /// <summary>Only what was synced.</summary>
    internal static Survival Nothing { get; } = new(-1);

    internal static Survival Everything { get; } = new(long.MaxValue);

    /// <summary>What was done up to a step of the disk, as if everything were written in order.</summary>
    internal static Survival UpTo(long step) => new(step);

    /// <summary>Each on its own, in no order; how much of it is drawn first, so that nearly all and nearly nothing occur.</summary>
    internal static Survival AnySubset(Dice dice) => new(0, dice, dice.OneOf(60, 300, 500, 700, 940));

    public int Choose(ReadOnlySpan<long> steps)
    {
        if (_dice is not null) return _dice.Chance(_keptPermille) ? steps.Length - _dice.Below(2) * _dice.Below(steps.Length) : 0;
        var kept = 0;
        while (kept < steps.Length && steps[kept] <= _lastStep) kept++;
        return kept;
    }
}
