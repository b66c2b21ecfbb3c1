namespace Balsa.Simulation.Randomness;

/// <summary>
/// The only source of chance. Whole numbers throughout: floating point could differ between machines, and then a seed
/// would name different runs.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        return Mixing.Finish(z);
    }

    /// <summary>Evenly from 0 to limit - 1.</summary>
    internal long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    internal int Below(int limit) => (int)Below((long)limit);

    /// <summary>Evenly from low to high, both included.</summary>
    internal long Between(long low, long high) => low + Below(high - low + 1);

    internal int Between(int low, int high) => low + Below(high - low + 1);

    internal bool Chance(int permille) => permille > 0 && Below(1000) < permille;

    internal T OneOf<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    /// <summary>Mostly near the scale and sometimes many times it: a geometric stand-in for an exponential draw.</summary>
    internal long Spread(long scale)
    {
        var doublings = System.Numerics.BitOperations.LeadingZeroCount(Next());
        return scale / 2 + Below(scale) + doublings * scale / 2;
    }

    /// <summary>A stream of its own, so that drawing more here does not change what is drawn elsewhere.</summary>
    internal Dice Fork(ulong name) => new(Mixing.Mix(_state, name));
}
