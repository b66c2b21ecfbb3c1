namespace Balsa.KeyValue.Probes;

/// <summary>
/// How tests plant mistakes in the store. A struct type parameter, so with <see cref="NoStoreProbe"/> every question
/// disappears from the shipped code.
/// </summary>
public interface IStoreProbe
{
    /// <summary>Whether this build makes the named mistake. Shipping builds make none.</summary>
    bool Plants(StoreMutant mutant);
}

/// <summary>The shipping probe: nothing.</summary>
public readonly struct NoStoreProbe : IStoreProbe
{
    public bool Plants(StoreMutant mutant) => false;
}
