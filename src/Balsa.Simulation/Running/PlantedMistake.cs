using Balsa.Raft.Probes;
using Balsa.Storage.Probes;

namespace Balsa.Simulation.Running;

/// <summary>A mutant of the full world: planted in the core and its host, or in what lies under them.</summary>
public readonly record struct PlantedMistake(Mutant Mutant, StorageMutant Storage)
{
    public string Name => Mutant == Mutant.None ? Storage.ToString() : Mutant.ToString();

    /// <summary>A run with it and nothing else.</summary>
    public SimulationRequest In(WorldKind world, ulong seed) => new()
    {
        Seed = seed, World = world,
        Mutant = Mutant == Mutant.None ? null : Mutant,
        StorageMutant = Storage == StorageMutant.None ? null : Storage,
    };

    public override string ToString() => Name;
}
