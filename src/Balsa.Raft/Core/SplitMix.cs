namespace Balsa.Raft.Core;

/// <summary>A small random generator (SplitMix64), part of the core's state so that runs repeat.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Evenly from 0 to limit - 1; the bias of the multiplication is below 2^-32 for the limits used here.</summary>
    internal long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);
}
