namespace Balsa.Simulation.Randomness;

/// <summary>Spreads bits. Our own, because the framework's hash codes change from process to process.</summary>
internal static class Mixing
{
    internal static ulong Mix(ulong a, ulong b) => Finish((a ^ (b + 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93 + b);

    internal static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
