using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.FullWorld.Wires;

/// <summary>How long things take on the way. In the last phase everything is quick and nothing sticks.</summary>
internal sealed class WireTiming(FullOptions options, Dice dice, FaultCounts faults)
{
    internal bool IsCalm { get; set; }

    internal long Latency() => dice.Spread(IsCalm ? 2_000 : options.LatencyTicks);

    /// <summary>Mostly nothing; rarely up to some seconds.</summary>
    internal long Tail()
    {
        if (IsCalm || !dice.Chance(options.TailPermille)) return 0;
        faults.Hit(FaultKind.Delay);
        return dice.Chance(100) ? dice.Between(1L, 8) * TimeSpan.TicksPerSecond : dice.Between(20L, 500) * TimeSpan.TicksPerMillisecond;
    }
}
