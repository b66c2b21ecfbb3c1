using Balsa.Replica.Skipping;

namespace Balsa.Replica.Tests;

/// <summary>Crashes, losses, cuts and wishes in any order: those who serve never differ, and a majority of wishes gets through.</summary>
public sealed class SkipClusterTests
{
    private const int Seeds = 60;

    [Fact]
    public void Where_all_fail_a_majority_of_wishes_leaves_the_entry_out_in_whatever_order_things_happen()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (cluster, random) = (Poisoned(seed, immune: -1), new Random(seed));
            Assert.Empty(cluster.Serving);
            Disturb(cluster, random, wishing: random.Next(2) == 0 ? [0, 1] : [0, 1, 2]);
            Calm(cluster);

            Assert.True(cluster.Serving.Count() == SkipCluster.Members, $"seed {seed}: {Asides(cluster)}");
            var applied = cluster.Places.Select(place => string.Join(' ', place.World.Applied)).Distinct().ToList();
            Assert.True(applied.Count == 1, $"seed {seed}: {string.Join(" | ", applied)}");
            Assert.DoesNotContain("poison", applied[0], StringComparison.Ordinal);
            Assert.EndsWith("after", applied[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_wish_of_three_leaves_nothing_out()
    {
        for (var seed = 1; seed <= Seeds / 3; seed++)
        {
            var cluster = Poisoned(seed, immune: -1);
            Disturb(cluster, new Random(seed), wishing: [seed % SkipCluster.Members]);
            Calm(cluster);

            Assert.Empty(cluster.Serving);
        }
    }

    [Fact]
    public void Where_one_member_could_apply_the_entry_those_who_serve_agree_all_the_same()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var cluster = Poisoned(seed, immune: seed % SkipCluster.Members);
            Disturb(cluster, new Random(seed), wishing: [0, 1, 2]);
            Calm(cluster);

            var applied = cluster.Serving.Select(place => string.Join(' ', place.World.Applied)).Distinct().ToList();
            Assert.True(applied.Count == 1, $"seed {seed}: {string.Join(" | ", applied)}; {Asides(cluster)}");
        }
    }

    private static SkipCluster Poisoned(int seed, int immune)
    {
        var cluster = new SkipCluster(seed);
        for (var member = 0; member < SkipCluster.Members; member++)
        {
            cluster.Places[member].AppliesPoison = member == immune;
            cluster.Start(member);
        }

        foreach (var command in (string[])["before", "poison", "behind"])
        {
            cluster.Run(TimeSpan.FromSeconds(2));
            cluster.Propose(command);
        }

        cluster.Run(TimeSpan.FromSeconds(2));
        Assert.All(cluster.Places, place => Assert.NotNull(place.Poison));
        return cluster;
    }

    /// <summary>Members are killed, wish, come back, are cut off, in an order that the seed decides.</summary>
    private static void Disturb(SkipCluster cluster, Random random, int[] wishing)
    {
        cluster.Loss = random.Next(30);
        var waiting = wishing.ToList();
        for (var round = 0; round < 12 || waiting.Count > 0; round++)
        {
            var member = random.Next(SkipCluster.Members);
            cluster.CutOff = random.Next(3) == 0 ? random.Next(SkipCluster.Members) : -1;
            cluster.Kill(member);
            if (waiting.Contains(member) && random.Next(2) == 0)
            {
                waiting.Remove(member);
                cluster.Places[member].Wishes.Add(SkippedEntry.Of(cluster.Places[member].Poison!.Value));
            }

            cluster.Run(TimeSpan.FromMilliseconds(random.Next(1, 2500)));
            cluster.Start(member);
            cluster.Propose($"x{round}");
            cluster.Run(TimeSpan.FromMilliseconds(random.Next(1, 2500)));
        }
    }

    /// <summary>The network is whole again, and operators restart who asks for it.</summary>
    private static void Calm(SkipCluster cluster)
    {
        (cluster.Loss, cluster.CutOff) = (0, -1);
        cluster.Run(TimeSpan.FromSeconds(20));
        for (var again = 0; again < 2; again++)
        {
            for (var member = 0; member < SkipCluster.Members; member++)
            {
                if (cluster.Places[member].Replica is { Aside: null }) continue;
                cluster.Kill(member);
                cluster.Start(member);
                cluster.Run(TimeSpan.FromSeconds(10));
            }
        }

        cluster.Propose("after");
        cluster.Run(TimeSpan.FromSeconds(5));
    }

    private static string Asides(SkipCluster cluster) =>
        string.Join(" | ", cluster.Places.Select(place => place.Replica?.Aside ?? "serves"));
}
