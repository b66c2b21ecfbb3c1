namespace Balsa.Simulation.Nodes;

/// <summary>A node's monotonic clock: an origin of its own in every boot, and a rate that is not quite true.</summary>
internal readonly record struct NodeClock(long Origin, long StartedAt, int Permille)
{
    internal long At(long worldTime) => Origin + (worldTime - StartedAt) * Permille / 1000;

    /// <summary>The first moment of the world at which this clock shows at least the given time.</summary>
    internal long WhenItShows(long local)
    {
        var ahead = Math.Max(0, local - Origin);
        return StartedAt + (ahead * 1000 + Permille - 1) / Permille;
    }
}
