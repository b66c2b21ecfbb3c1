using Balsa.Raft.Probes;
using Balsa.Simulation.FullWorld;
using Balsa.Simulation.Running;

namespace Balsa.Simulation.Tests.FullWorld;

/// <summary>Clusters of two builds: members are upgraded one after the other, and taken back while that is possible.</summary>
public sealed class BuildTests
{
    private const ulong First = 2_000_000;

    [Fact]
    public void Members_change_their_build_under_faults_and_the_level_rises_when_all_have()
    {
        var (upgrades, downgrades, raised, worlds) = (0, 0, 0, 0);
        foreach (var world in TwoBuilds(12, null))
        {
            world.Run();
            Assert.True(world.Verdicts.First is null && world.Stuck is null, $"seed {world.Seed}: {world.Verdicts.First} {world.Stuck}");
            (upgrades, downgrades, worlds) = (upgrades + world.Builds.Upgrades, downgrades + world.Builds.Downgrades, worlds + 1);
            if (world.Builds.WasRaised) raised++;
        }

        Assert.True(upgrades > 2 * worlds && downgrades > 0 && raised > worlds / 2, $"{upgrades} {downgrades} {raised} of {worlds}");
    }

    [Theory]
    [InlineData(Mutant.BuildRaisesForHalf)]
    [InlineData(Mutant.BuildAppliesByOwnLevel)]
    public void A_mistake_with_levels_is_caught(Mutant mutant)
    {
        foreach (var world in TwoBuilds(12, mutant))
        {
            world.Run();
            if (world.Verdicts.First is not null) return;
        }

        Assert.Fail($"{mutant} was not caught");
    }

    private static IEnumerable<FullRun> TwoBuilds(int count, Mutant? mutant)
    {
        for (var seed = First; count > 0; seed++)
        {
            var world = new FullRun(new SimulationRequest { Seed = seed, World = WorldKind.Full, Mutant = mutant });
            if (!world.Options.TwoBuilds) continue;
            count--;
            yield return world;
        }
    }
}
