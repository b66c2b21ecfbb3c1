using Balsa.KeyValue.Probes;

namespace Balsa.Simulation.Stores.Drills;

/// <summary>Makes one mistake. The store asks a value without content, so the mistake is remembered for the thread.</summary>
internal readonly struct PlantedStoreProbe : IStoreProbe
{
    [ThreadStatic]
    private static StoreMutant _planted;

    internal static void Plant(StoreMutant mutant) => _planted = mutant;

    public bool Plants(StoreMutant mutant) => mutant == _planted;
}
