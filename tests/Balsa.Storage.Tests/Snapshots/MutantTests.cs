using Balsa.Storage.Probes;
using Balsa.Storage.Tests.Snapshots.Checks;
using Balsa.Storage.Tests.Snapshots.World;

namespace Balsa.Storage.Tests.Snapshots;

/// <summary>Every mistake that can be planted in snapshots is caught by a check that the shipped code passes.</summary>
public sealed class MutantTests
{
    private static readonly Dictionary<StorageMutant, Func<string?>[]> Catches = new()
    {
        [NotSynced.Mutant] = [Crashes.Writing<Planted<NotSynced>>, () => Crashes.Receiving<Planted<NotSynced>>(64)],
        [NameNotSynced.Mutant] = [Crashes.Writing<Planted<NameNotSynced>>, () => Crashes.Receiving<Planted<NameNotSynced>>(64)],
        [BlockUnchecked.Mutant] = [Damage.EveryBitFlipped<Planted<BlockUnchecked>>, Damage.NewestDamaged<Planted<BlockUnchecked>>],
        [EndUnchecked.Mutant] = [Damage.EveryLength<Planted<EndUnchecked>>],
        [NewestTrusted.Mutant] = [Damage.NewestDamaged<Planted<NewestTrusted>>],
        [PrunedBeforeNewIsSafe.Mutant] = [Crashes.TwoProcesses<Planted<PrunedBeforeNewIsSafe>>],
        [ResumedUnchecked.Mutant] = [Transfers.ResumeAnywhere<Planted<ResumedUnchecked>>],
        [OrderUnchecked.Mutant] = [Transfers.Order<Planted<OrderUnchecked>>],
    };

    public static TheoryData<StorageMutant> Mistakes =>
        [.. Enum.GetValues<StorageMutant>().Where(m => m.ToString().StartsWith("Snapshot", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_planted_mistake_is_caught(StorageMutant mutant)
    {
        foreach (var check in Catches[mutant]) Assert.NotNull(check());
    }

    [Fact]
    public void The_shipped_code_passes_every_check() => AssertNothingIsWrong<NoStorageProbe>();

    [Fact]
    public void A_sync_after_every_block_is_not_flagged() => AssertNothingIsWrong<Planted<SyncedByBlock>>();

    private static void AssertNothingIsWrong<TProbe>()
        where TProbe : struct, IStorageProbe
    {
        Assert.Null(Crashes.Writing<TProbe>());
        Assert.Null(Crashes.TwoProcesses<TProbe>());
        foreach (var chunkBytes in (int[])[7, 64, 1000]) Assert.Null(Crashes.Receiving<TProbe>(chunkBytes));
        Assert.Null(Damage.EveryBitFlipped<TProbe>());
        Assert.Null(Damage.EveryLength<TProbe>());
        Assert.Null(Damage.BlocksMoved<TProbe>());
        Assert.Null(Damage.NewestDamaged<TProbe>());
        Assert.Null(Transfers.ResumeAnywhere<TProbe>());
        Assert.Null(Transfers.Order<TProbe>());
    }
}
