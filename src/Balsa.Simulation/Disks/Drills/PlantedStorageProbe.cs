using Balsa.Storage.Probes;

namespace Balsa.Simulation.Disks.Drills;

/// <summary>Makes one mistake. Storage asks a value without content, so the mistake is remembered for the thread.</summary>
internal readonly struct PlantedStorageProbe : IStorageProbe
{
    [ThreadStatic]
    private static StorageMutant _planted;

    internal static void Plant(StorageMutant mutant) => _planted = mutant;

    public bool Plants(StorageMutant mutant) => mutant == _planted;
}
