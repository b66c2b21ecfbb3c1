using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>Whole nodes in whole worlds: fixed seeds hold, repeat themselves, and notice planted mistakes.</summary>
public sealed class FullSeedTests
{
    [Fact]
    public void Thirty_fixed_seeds_hold_and_are_busy()
    {
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var result = Run(seed);
            Assert.False(result.Failed, $"seed {seed}: {result.Failure}");
            Assert.True(result.Events >= 600, $"seed {seed} has only {result.Events} events");
            Assert.True(result.SimulatedTicks >= 60 * TimeSpan.TicksPerSecond, $"seed {seed} is over too early");
            // The quiet end of a seed does not count.
            Assert.True(result.Operations >= 50 * result.Seconds, $"seed {seed} has only {result.Operations} operations");
        }
    }

    [Fact]
    [Row("S1-09")]
    public void The_same_seed_gives_the_same_hash_with_and_without_a_listener_and_in_the_mutant_build()
    {
        for (var seed = 5_000UL; seed < 5_004; seed++)
        {
            var lines = 0;
            var hash = Run(seed).TraceHash;
            Assert.Equal(hash, Run(seed).TraceHash);
            Assert.Equal(hash, Run(seed, Mutant.None).TraceHash);
            Assert.Equal(hash, SimulationRunner.Run(Request(seed) with { Listener = _ => lines++ }).TraceHash);
            Assert.True(lines > 600);
        }
    }

    [Fact]
    public void Another_seed_gives_another_hash() => Assert.NotEqual(Run(5_000).TraceHash, Run(5_001).TraceHash);

    [Fact]
    public void What_is_left_out_does_not_happen()
    {
        var result = SimulationRunner.Run(Request(3) with { Without = FaultNames.All });
        Assert.False(result.Failed, result.Failure);
        Assert.Empty(result.PlannedFaults);
        Assert.Equal(0, result.Count(FaultKind.Loss) + result.Count(FaultKind.Crash) + result.Count(FaultKind.FrameFlipped));
    }

    [Theory]
    [InlineData(Mutant.VoteNotPersisted, "durable promises")]
    [InlineData(Mutant.LeaderCountsBeforeDurable, "committed is durable")]
    [InlineData(Mutant.CountsEarlierTerms, "own term commits")]
    [InlineData(Mutant.ReadBeforeFirstCommit, "real-time order")]
    [InlineData(Mutant.LostAnsweredAsNotDone, "not done is not done")]
    [InlineData(Mutant.HostReleasesBeforeDurable, "durable promises")]
    [InlineData(Mutant.HostReadsLocally, "real-time order")]
    [InlineData(Mutant.HostForgetsResult, "one answer")]
    [InlineData(Mutant.HostGivesOtherResult, "answers fit the history")]
    [InlineData(Mutant.HostTellsUnknownAsNotDone, "not done is not done")]
    [InlineData(Mutant.HostRepeatsUnnamedWrites, "not done is not done")]
    [InlineData(Mutant.HostForgetsThatItMayBeDone, "not done is not done")]
    [InlineData(Mutant.HostForwardsTwice, "not done is not done")]
    [InlineData(Mutant.HostBelievesPreVotes, "no false alarm")]
    [InlineData(Mutant.HostServesHeldTwice, "not done is not done")]
    [InlineData(Mutant.HostAppliesAgainAfterRestart, "equal answers")]
    [InlineData(Mutant.HostReportsAppliedEarly, "one answer")]
    [InlineData(Mutant.HostConfirmsAllReads, "real-time order")]
    [InlineData(Mutant.HostCutsLogBeforeCore, "the log is kept")]
    [InlineData(Mutant.HostNamesEarlierState, "equal answers")]
    [InlineData(Mutant.NodeReportsDurableWhenTaken, "durable is kept")]
    [InlineData(Mutant.NodeWelcomesOldBoot, "old images are refused")]
    public void A_planted_mistake_is_caught_by_its_oracle(Mutant mutant, string oracle)
    {
        for (var seed = 1_000_040UL; seed < 1_000_080; seed++)
            if (Run(seed, mutant).FailureKind == oracle) return;
        Assert.Fail($"{mutant} was not caught by \"{oracle}\" in 40 seeds");
    }

    [Fact]
    public void A_failing_seed_shrinks_to_one_that_fails_in_the_same_way()
    {
        // Fails early, because every step of the shrinker is a run.
        var failing = Request(1_000_041) with { Mutant = Mutant.HostReadsLocally };
        while (!SimulationRunner.Run(failing).Failed) failing = failing with { Seed = failing.Seed + 1 };
        var before = SimulationRunner.Run(failing);
        var smallest = Shrinker.Shrink(failing);
        var after = SimulationRunner.Run(smallest);
        Assert.Equal(before.FailureKind, after.FailureKind);
        Assert.Equal(WorldKind.Full, smallest.World);
        Assert.NotEmpty(smallest.Without);
        Assert.True(after.PlannedFaults.Count <= before.PlannedFaults.Count);
        Assert.Contains("--world full", Shrinker.ArgumentsOf(smallest), StringComparison.Ordinal);
    }

    private static SimulationRequest Request(ulong seed) => new() { Seed = seed, World = WorldKind.Full };

    private static SeedResult Run(ulong seed, Mutant? mutant = null) => SimulationRunner.Run(Request(seed) with { Mutant = mutant });
}
