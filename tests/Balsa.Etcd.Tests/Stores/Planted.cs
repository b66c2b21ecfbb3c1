using Balsa.KeyValue.Probes;

namespace Balsa.Etcd.Tests.Stores;

/// <summary>A store that makes one mistake.</summary>
internal readonly struct Planted(StoreMutant mistake) : IStoreProbe
{
    public bool Plants(StoreMutant mutant) => mutant == mistake;
}
