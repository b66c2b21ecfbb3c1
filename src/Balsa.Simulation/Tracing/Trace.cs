using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tracing;

/// <summary>
/// What happened, as one number and, when somebody listens, as lines. The number takes in every event and effect field by
/// field, so two runs with the same number were the same run.
/// </summary>
internal sealed class Trace(Action<string>? listener)
{
    private ulong _hash = 0x9E3779B97F4A7C15;

    internal ulong Hash => Mixing.Finish(_hash);

    internal bool IsHeard => listener is not null;

    internal void Take(ulong value)
    {
        _hash = (System.Numerics.BitOperations.RotateLeft(_hash, 23) ^ value) * 0xD6E8FEB86659FD93;
    }

    internal void Take(ulong a, ulong b)
    {
        Take(a);
        Take(b);
    }

    internal void Line(string line) => listener?.Invoke(line);
}
