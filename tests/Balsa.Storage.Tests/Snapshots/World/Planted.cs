using Balsa.Storage.Probes;

namespace Balsa.Storage.Tests.Snapshots.World;

/// <summary>One mistake, named by a type, so that each has a build of its own.</summary>
internal interface IMistake
{
    static abstract StorageMutant Mutant { get; }
}

internal readonly struct Planted<TMistake> : IStorageProbe
    where TMistake : IMistake
{
    public bool Plants(StorageMutant mutant) => mutant == TMistake.Mutant;
}

internal sealed class NotSynced : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotNotSynced;
}

internal sealed class NameNotSynced : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotNameNotSynced;
}

internal sealed class BlockUnchecked : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotBlockUnchecked;
}

internal sealed class EndUnchecked : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotEndUnchecked;
}

internal sealed class NewestTrusted : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotNewestTrusted;
}

internal sealed class PrunedBeforeNewIsSafe : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotPrunedBeforeNewIsSafe;
}

internal sealed class ResumedUnchecked : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotResumedUnchecked;
}

internal sealed class OrderUnchecked : IMistake
{
    public static StorageMutant Mutant => StorageMutant.SnapshotOrderUnchecked;
}

internal sealed class SyncedByBlock : IMistake
{
    public static StorageMutant Mutant => StorageMutant.LegalSnapshotSyncedByBlock;
}
