namespace Balsa.Simulation.Scheduling;

/// <summary>One thing that will happen at a time. Equal times happen in the order in which they were scheduled.</summary>
#pragma warning disable CA1051 // Fields: the queue moves events about by the million.
internal struct SimulatedEvent
{
    internal long Time;

    /// <summary>What the kind says: an index, a number, a choice.</summary>
    internal ulong A, B;

    /// <summary>The life of the node for which this is meant; 0 for any.</summary>
    internal ulong Life;
    internal object? Subject;
    internal int Node;
    internal EventKind Kind;
}
#pragma warning restore CA1051
