using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Probes;

/// <summary>Makes one mistake; none without an argument.</summary>
internal readonly struct Planted(StoreMutant mutant) : IStoreProbe
{
    public bool Plants(StoreMutant asked) => asked == mutant;
}
