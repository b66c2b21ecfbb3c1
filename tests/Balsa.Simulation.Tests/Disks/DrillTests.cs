using Balsa.Simulation.Disks.Drills;
using Balsa.Storage.Probes;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>The disk drill: fixed rounds hold, repeat themselves, and notice planted mistakes.</summary>
public sealed class DrillTests
{
    [Fact]
    [Row("S1-01", "M2-12")]
    public void Two_thousand_fixed_rounds_hold()
    {
        var drill = new DiskDrill();
        for (var seed = 1UL; seed <= 2000; seed++)
            AssertHolds(drill.Run(seed));
        Assert.True(drill.Report.CrashPoints > 10_000);
        Assert.True(drill.Report.Noticed > 200);
        Assert.True(drill.Report.Repairs > 50);
        Assert.All(DiskDrillReport.CorruptionNames, (_, kind) => Assert.True(drill.Report.CountCorruptions(kind) > 10));
        Assert.True(drill.Report.SitesHit > 25);
    }

    [Fact]
    public void The_same_rounds_give_the_same_hash_in_any_order_and_with_any_drill()
    {
        var forwards = new DiskDrill();
        for (var seed = 500UL; seed < 650; seed++) forwards.Run(seed);
        var backwards = new DiskDrill();
        backwards.Run(3);
        var before = backwards.Report.Hash;
        for (var seed = 649UL; seed >= 500; seed--) backwards.Run(seed);
        Assert.Equal(forwards.Report.Hash, backwards.Report.Hash - before);
    }

    [Fact]
    public void A_round_knows_nothing_of_the_rounds_before_it()
    {
        var used = new DiskDrill();
        for (var seed = 1UL; seed <= 500; seed++)
        {
            var before = used.Report.Hash;
            used.Run(seed);
            var fresh = new DiskDrill();
            fresh.Run(seed);
            Assert.True(used.Report.Hash - before == fresh.Report.Hash, $"round {seed}");
        }
    }

    [Fact]
    public void The_mutant_build_without_a_mutant_is_the_storage_that_ships()
    {
        Assert.Equal(HashOf(new DiskDrill()), HashOf(new DiskDrill(StorageMutant.None)));
    }

    [Fact]
    public void A_listener_does_not_change_the_round()
    {
        var lines = 0;
        Assert.Equal(HashOf(new DiskDrill()), HashOf(new DiskDrill { Listener = _ => lines++ }));
        Assert.True(lines > 1000);
    }

    [Theory]
    [InlineData(StorageMutant.AcknowledgedBeforeSync, DiskFinding.Lost)]
    [InlineData(StorageMutant.BootNotRaised, DiskFinding.Lost)]
    [InlineData(StorageMutant.SyncErrorIgnored, DiskFinding.StoppedLate)]
    [InlineData(StorageMutant.FailedWriteTriedAgain, DiskFinding.StoppedLate)]
    [InlineData(StorageMutant.TornEndTakenForDamage, DiskFinding.FalseAlarm)]
    [InlineData(StorageMutant.SegmentNameNotSynced, DiskFinding.FalseAlarm)]
    [InlineData(StorageMutant.DamageTakenForTornEnd, DiskFinding.Undetected)]
    [InlineData(StorageMutant.CloseNeverWritten, DiskFinding.Undetected)]
    [InlineData(StorageMutant.HardStateGuessed, DiskFinding.Undetected)]
    public void A_planted_mistake_is_found_and_named(StorageMutant mutant, DiskFinding finding)
    {
        var drill = new DiskDrill(mutant);
        for (var seed = 1UL; seed <= 3000; seed++)
            if (drill.Run(seed) is { } failure && failure.Finding == finding) return;
        Assert.Fail($"{mutant} was not found as {finding}");
    }

    [Theory]
    [InlineData(StorageMutant.LegalNewSegmentAtEveryStart)]
    [InlineData(StorageMutant.LegalCloseAfterEveryBatch)]
    [InlineData(StorageMutant.LegalOneRecordPerBatch)]
    public void What_is_only_different_is_not_held_against_anybody(StorageMutant mutant)
    {
        var drill = new DiskDrill(mutant);
        for (var seed = 1UL; seed <= 400; seed++)
            AssertHolds(drill.Run(seed));
    }

    [Fact]
    public void Every_mistake_of_the_log_is_hunted()
    {
        var known = DiskMutantHunt.Mistakes.Concat(DiskMutantHunt.Legal).ToList();
        foreach (var mutant in Enum.GetValues<StorageMutant>())
        {
            // Those of the shelf of snapshots are hunted in the full world.
            if (mutant == StorageMutant.None || $"{mutant}".Contains("Shelf", StringComparison.Ordinal)) continue;
            Assert.Single(known, mutant);
        }
    }

    [Fact]
    public void What_a_long_run_never_meets_is_named()
    {
        var report = new DiskDrillReport();
        Assert.Empty(report.NeverHit());
        var many = new DiskDrillReport { Rounds = DiskDrillReport.RoundsThatMustHitEverything };
        report.Add(many);
        Assert.Equal(DiskDrillReport.CorruptionNames.Count + DiskDrill.Sites.Count, report.NeverHit().Count);
    }

    private static void AssertHolds(DiskRoundFailure? failure) =>
        Assert.True(failure is null, $"round {failure?.Seed}: {failure?.Finding}: {failure?.Text}");

    private static ulong HashOf(DiskDrill drill)
    {
        for (var seed = 1UL; seed <= 60; seed++) drill.Run(seed);
        return drill.Report.Hash;
    }
}
