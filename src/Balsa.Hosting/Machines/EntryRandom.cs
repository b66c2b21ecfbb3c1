namespace Balsa.Hosting.Machines;

/// <summary>
/// Random numbers that depend on an entry and on nothing else. The generator is our own: that of the framework may become
/// another one, and then two builds would disagree about the state.
/// </summary>
internal sealed class EntryRandom(ulong index, ulong term) : Random
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = Mix(index * Step) ^ term;

    public override int Next() => (int)Below(int.MaxValue);

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)Below((ulong)maxValue);
    }

    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    public override long NextInt64() => (long)Below(long.MaxValue);

    public override long NextInt64(long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (long)Below((ulong)maxValue);
    }

    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (long)((ulong)minValue + Below((ulong)maxValue - (ulong)minValue));
    }

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override float NextSingle() => (Draw() >> 40) * (1.0f / (1U << 24));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref var one in buffer) one = (byte)(Draw() >> 56);
    }

    protected override double Sample() => NextDouble();

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private ulong Draw() => Mix(_state += Step);

    /// <summary>From 0 to limit - 1; 0 when there is no room.</summary>
    private ulong Below(ulong limit) => Math.BigMul(Draw(), limit, out _);
}
