using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Storage.Probes;

namespace Balsa.Simulation.Running;

/// <summary>One run: a seed, and what a shrunk failure leaves out of it.</summary>
public sealed record SimulationRequest
{
    public required ulong Seed { get; init; }

    public WorldKind World { get; init; }

    /// <summary>Null runs the core that ships; <see cref="Mutant.None"/> runs the mutant build without a mistake.</summary>
    public Mutant? Mutant { get; init; }

    /// <summary>The same for what lies under the replica; only in the full world.</summary>
    public StorageMutant? StorageMutant { get; init; }

    /// <summary>Kinds of fault that never happen.</summary>
    public IReadOnlyList<FaultKind> Without { get; init; } = [];

    /// <summary>Numbers of planned faults that are left out.</summary>
    public IReadOnlyList<int> Dropped { get; init; } = [];

    /// <summary>Smaller than what the seed drew; 0 leaves the draw.</summary>
    public int Nodes { get; init; }

    public int Clients { get; init; }

    /// <summary>How many simulated seconds the faulty part lasts; 0 leaves the draw.</summary>
    public int Seconds { get; init; }

    /// <summary>Instead of what the seed would draw: a world in which nothing goes wrong by itself.</summary>
    internal PlainWorld? Plain { get; init; }

    /// <summary>Receives a readable line an event.</summary>
    public Action<string>? Listener { get; init; }
}
