using Balsa.KeyValue.Probes;

namespace Balsa.KeyValue.Tests.Watches.Worlds;

/// <summary>Random worlds against the naive model, and mistakes that the comparison must find.</summary>
public sealed class WatchRandomTests
{
    private const int Steps = 600;

    [Theory]
    [InlineData(600, false)]
    [InlineData(200, true)]
    public void No_watcher_ever_loses_doubles_or_reorders_an_event(int worlds, bool onStore)
    {
        var (taken, compactions) = (0L, 0);
        for (var seed = 1; seed <= worlds; seed++)
        {
            var world = new WatchWorld<NoStoreProbe>(seed, default, onStore);
            try
            {
                world.Run(Steps);
            }
            catch (Exception error)
            {
                throw new WatchViolationException($"seed {seed}: {error}");
            }

            taken += world.Taken;
            compactions += world.Compactions;
        }

        // A comparison in which little happens proves little.
        Assert.True(taken > 80 * worlds, $"only {taken} responses");
        Assert.True(compactions > worlds / 2, $"only {compactions} watchers were cancelled by a compaction");
    }

    [Theory]
    [InlineData(StoreMutant.WatchGapAfterSync)]
    [InlineData(StoreMutant.WatchDoublesAfterSync)]
    [InlineData(StoreMutant.WatchSplitsRevision)]
    [InlineData(StoreMutant.WatchIgnoresCompaction)]
    [InlineData(StoreMutant.WatchFilterInverted)]
    [InlineData(StoreMutant.WatchRangeEndIncluded)]
    [InlineData(StoreMutant.PreviousOfWrongRevision)]
    public void Each_planted_mistake_is_found(StoreMutant mutant)
    {
        var found = 0;
        for (var seed = 1; seed <= 100 && found == 0; seed++)
        {
            try
            {
                new WatchWorld<PlantedMistake>(seed, new PlantedMistake(mutant)).Run(Steps);
            }
            catch (WatchViolationException)
            {
                found = seed;
            }
        }

        Assert.True(found > 0, $"{mutant} was not found");
    }
}
