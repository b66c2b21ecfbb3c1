using Balsa.Simulation.Faults;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Worlds;

/// <summary>How long things take. In the last phase everything is quick and nothing sticks.</summary>
internal sealed class Timing(WorldOptions options, Dice dice, FaultCounts faults)
{
    internal bool IsCalm { get; set; }

    internal long ApplyDelay() => dice.Spread(IsCalm ? 100 : options.ApplyTicks);

    internal long LoadDelay() => dice.Spread(2_000);

    internal long SyncDelay() => dice.Spread(IsCalm ? 1_000 : options.SyncTicks);

    internal long Latency() => dice.Spread(IsCalm ? 2_000 : options.LatencyTicks);

    /// <summary>Mostly nothing; rarely up to 30 s.</summary>
    internal long Tail()
    {
        if (IsCalm || !dice.Chance(options.TailPermille)) return 0;
        faults.Hit(FaultKind.Delay);
        return dice.Chance(100) ? dice.Between(1L, 30) * TimeSpan.TicksPerSecond : dice.Between(20L, 1_000) * TimeSpan.TicksPerMillisecond;
    }

    internal long SnapshotDelay() => dice.Spread(200_000);

    internal long ChunkDelay()
    {
        if (IsCalm || !options.Has(FaultKind.StreamDelayed) || !dice.Chance(100)) return dice.Spread(20_000);
        faults.Hit(FaultKind.StreamDelayed);
        return dice.Between(100L, 3_000) * TimeSpan.TicksPerMillisecond;
    }
}
