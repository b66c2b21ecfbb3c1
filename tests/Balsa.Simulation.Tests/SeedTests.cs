using Balsa.Raft.Probes;
using Balsa.Simulation.Faults;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Tests;

/// <summary>Whole worlds: fixed seeds hold, repeat themselves, and notice planted mistakes.</summary>
public sealed class SeedTests
{
    [Fact]
    [Row("S0-09", "S1-04", "S1-29", "S1-30", "S4-15")]
    public void Three_hundred_fixed_seeds_hold()
    {
        for (var seed = 1UL; seed <= 300; seed++)
        {
            var result = SimulationRunner.Run(new SimulationRequest { Seed = seed });
            Assert.False(result.Failed, $"seed {seed}: {result.Failure}");
            Assert.True(result.Events >= 600, $"seed {seed} has only {result.Events} events");
        }
    }

    [Fact]
    [Row("S1-09", "M0-13", "M2-30", "M3-11")]
    public void The_same_seed_gives_the_same_hash()
    {
        for (var seed = 5_000UL; seed < 5_020; seed++)
            Assert.Equal(Run(seed, null).TraceHash, Run(seed, null).TraceHash);
    }

    [Fact]
    public void The_mutant_build_without_a_mutant_is_the_shipped_core()
    {
        for (var seed = 6_000UL; seed < 6_020; seed++)
            Assert.Equal(Run(seed, null).TraceHash, Run(seed, Mutant.None).TraceHash);
    }

    [Fact]
    public void A_listener_does_not_change_the_run()
    {
        var lines = 0;
        var heard = SimulationRunner.Run(new SimulationRequest { Seed = 77, Listener = _ => lines++ });
        Assert.Equal(Run(77, null).TraceHash, heard.TraceHash);
        Assert.True(lines > 600);
    }

    [Theory]
    [InlineData(Mutant.VoteNotPersisted, "durable promises")]
    [InlineData(Mutant.VoteIgnoresLog, "leader completeness")]
    [InlineData(Mutant.LeaderCountsBeforeDurable, "committed is durable")]
    [InlineData(Mutant.CountsEarlierTerms, "own term commits")]
    [InlineData(Mutant.LearnerCounts, "committed is durable")]
    [InlineData(Mutant.ReadUnconfirmed, "linearizable reads")]
    [InlineData(Mutant.LostAnsweredAsNotDone, "one answer")]
    [InlineData(Mutant.NoCheckQuorum, "a lonely leader goes")]
    [InlineData(Mutant.PreVoteAdoptsTerm, "a live leader stays")]
    [InlineData(Mutant.JointNeverLeft, "stuck")]
    public void A_planted_mistake_is_caught_by_its_oracle(Mutant mutant, string oracle)
    {
        var seeds = 0;
        for (var seed = 1_000_000UL; seeds < 300; seed++, seeds++)
            if (SimulationRunner.Run(new SimulationRequest { Seed = seed, Mutant = mutant }).FailureKind == oracle) return;
        Assert.Fail($"{mutant} was not caught in {seeds} seeds");
    }

    [Fact]
    public void What_is_left_out_does_not_happen()
    {
        var result = SimulationRunner.Run(new SimulationRequest { Seed = 3, Without = FaultNames.All });
        Assert.False(result.Failed, result.Failure);
        Assert.Empty(result.PlannedFaults);
        Assert.Equal(0, result.Count(FaultKind.Loss) + result.Count(FaultKind.Crash));
    }

    [Fact]
    public void A_failing_seed_shrinks_to_one_that_fails_in_the_same_way()
    {
        var failing = new SimulationRequest { Seed = 1_000_000, Mutant = Mutant.VoteIgnoresLog };
        while (!SimulationRunner.Run(failing).Failed) failing = failing with { Seed = failing.Seed + 1 };
        var before = SimulationRunner.Run(failing);
        var after = SimulationRunner.Run(Shrinker.Shrink(failing));
        Assert.Equal(before.FailureKind, after.FailureKind);
        Assert.True(after.PlannedFaults.Count <= before.PlannedFaults.Count);
        Assert.True(after.Events <= before.Events * 4);
    }

    private static SeedResult Run(ulong seed, Mutant? mutant) =>
        SimulationRunner.Run(new SimulationRequest { Seed = seed, Mutant = mutant });
}
