namespace Balsa.Simulation.Running;

/// <summary>A full world that is told how to be: only who made it lets anything happen there.</summary>
internal sealed record PlainWorld
{
    internal required int Nodes { get; init; }

    internal required TimeSpan Heartbeat { get; init; }

    internal required TimeSpan ElectionTimeout { get; init; }

    internal required long LatencyTicks { get; init; }

    internal int LossPermille { get; init; }
}
