namespace Balsa.Storage.Probes;

/// <summary>
/// How tests plant mistakes in storage. A struct type parameter, so with <see cref="NoStorageProbe"/> every question
/// disappears from the shipped code.
/// </summary>
public interface IStorageProbe
{
    /// <summary>Whether this build makes the named mistake. Shipping builds make none.</summary>
    bool Plants(StorageMutant mutant);
}

/// <summary>The shipping probe: nothing.</summary>
public readonly struct NoStorageProbe : IStorageProbe
{
    public bool Plants(StorageMutant mutant) => false;
}
