using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Probes;
using Balsa.Simulation.Stores.Drills;

namespace Balsa.Simulation.Tests.Stores;

/// <summary>The drill of the store: fixed rounds hold, repeat themselves, and notice planted mistakes.</summary>
public sealed class StoreDrillTests
{
    [Fact]
    public void A_thousand_fixed_rounds_hold_and_meet_everything()
    {
        var drill = new StoreDrill();
        for (var seed = 1UL; seed <= 1000; seed++) AssertHolds(drill.Run(seed));
        Assert.Empty(drill.Report.NeverHit());
        Assert.True(drill.Report.Commands > 100_000);
        Assert.True(drill.Report.Snapshots > 1000);
    }

    [Fact]
    public void A_round_knows_nothing_of_the_rounds_before_it()
    {
        var used = new StoreDrill();
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var (commands, events) = (used.Report.Commands, used.Report.Events);
            used.Run(seed);
            var fresh = new StoreDrill();
            fresh.Run(seed);
            Assert.Equal(fresh.Report.Commands, used.Report.Commands - commands);
            Assert.Equal(fresh.Report.Events, used.Report.Events - events);
        }
    }

    [Fact]
    public void The_mutant_build_without_a_mutant_is_the_store_that_ships()
    {
        var (shipping, mutant) = (new StoreDrill(), new StoreDrill(StoreMutant.None));
        for (var seed = 1UL; seed <= 40; seed++)
        {
            AssertHolds(shipping.Run(seed));
            AssertHolds(mutant.Run(seed));
        }

        Assert.Equal(shipping.Report.Commands, mutant.Report.Commands);
        Assert.Equal(shipping.Report.Events, mutant.Report.Events);
        foreach (var error in Enum.GetValues<StoreError>()) Assert.Equal(shipping.Report.Count(error), mutant.Report.Count(error));
    }

    [Fact]
    public void Every_planted_mistake_is_found()
    {
        foreach (var mutant in StoreMutantHunt.Mistakes)
        {
            var rounds = 0;
            Assert.True(StoreMutantHunt.Hunt(mutant, 1, () => ++rounds > 900) is not null, $"{mutant} was not found");
        }
    }

    [Fact]
    public void What_is_only_different_is_not_held_against_anybody()
    {
        foreach (var mutant in StoreMutantHunt.Legal)
        {
            var drill = new StoreDrill(mutant);
            for (var seed = 1UL; seed <= 100; seed++) AssertHolds(drill.Run(seed));
        }
    }

    [Fact]
    public void A_failing_round_is_told_with_few_steps()
    {
        var drill = new StoreDrill(StoreMutant.RevisionUsedAgain);
        var failure = drill.Run(1);
        Assert.Equal(StoreFinding.Answer, failure?.Finding);
        Assert.Contains("the smallest case found has 1 steps", failure?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_long_run_never_meets_is_named()
    {
        var report = new StoreDrillReport();
        Assert.Empty(report.NeverHit());
        report.Add(new StoreDrillReport { Rounds = StoreDrillReport.RoundsThatMustHitEverything });
        Assert.Contains("the error LeaseNotFound", report.NeverHit());
        Assert.Contains("SnapshotRestored", report.NeverHit());
    }

    private static void AssertHolds(StoreRoundFailure? failure) =>
        Assert.True(failure is null, $"round {failure?.Seed}: {failure?.Finding}: {failure?.Text}");
}
