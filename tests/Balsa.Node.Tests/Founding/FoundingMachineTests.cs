using Balsa.Node.Founding;
using Balsa.Raft.Identity;
using Balsa.Raft.Membership;
using Balsa.Transport.Codec.Parcels.Founding;
using Balsa.Transport.Tcp;

namespace Balsa.Node.Tests.Founding;

public sealed class FoundingMachineTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void The_lowest_founds_when_all_agree_and_the_others_take_its_record()
    {
        var world = Three();
        Assert.Equal("a, which founds the cluster", Assert.Single(world.Round("b").Waits));
        Assert.True(world.Round("a").Founds);
        world.Round("b");
        world.Round("c");
        Assert.All(Names, name => Assert.Equal(world.RecordOf("a")!.Cluster, world.RecordOf(name)!.Cluster));
        Assert.Equal(new MemberId(3), FoundingNote.TryRead(world.Disks["c"])!.Member);
    }

    [Fact]
    public void A_missing_peer_is_waited_for_and_named()
    {
        var world = new FoundingWorld();
        world.Start("a", FoundingWorld.List(Names));
        world.Start("b", FoundingWorld.List(Names));
        Assert.Equal("c at http://c.example:2380: nobody answers there", Assert.Single(world.Round("a").Waits));
    }

    [Fact]
    public void Another_list_and_another_token_are_shown()
    {
        var world = new FoundingWorld();
        world.Start("a", FoundingWorld.List(Names));
        world.Start("b", FoundingWorld.List("a", "b"));
        world.Start("c", FoundingWorld.List(Names), token: "other");
        var waits = world.Round("a").Waits;
        Assert.Contains("b=http://b.example:2380, ours is a=", waits[0], StringComparison.Ordinal);
        Assert.Contains("its --initial-cluster-token is \"other\", ours is \"t\"", waits[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_founding_goes_on_without_a_peer_that_the_operator_gives_up_and_that_one_joins()
    {
        var world = new FoundingWorld();
        foreach (var name in new[] { "b", "c" }) world.Start(name, FoundingWorld.List(Names), without: "a");
        world.Round("c");
        Assert.True(world.Round("b").Founds);
        var members = world.RecordOf("b")!.Configuration;
        Assert.Equal(MemberRole.PromotingLearner, members.Find(new MemberId(1))!.Role);
        Assert.True(members.Find(new MemberId(1))!.Incarnation.IsNotStarted);
    }

    [Fact]
    public void Who_may_only_join_does_not_found()
    {
        var world = new FoundingWorld();
        foreach (var name in Names) world.Start(name, FoundingWorld.List(Names), mayFound: false);
        Assert.Contains("never founds", Assert.Single(world.Round("a").Waits), StringComparison.Ordinal);
        Assert.Null(world.RecordOf("a"));
    }

    [Fact]
    public void Who_has_a_record_takes_no_other()
    {
        var world = Three();
        world.Round("a");
        var other = world.RecordOf("a")! with { Cluster = 99 };
        Assert.Null(world.Up["a"].Accept(other));
        Assert.NotNull(world.Up["b"].Accept(other));
        world.Round("b");
        Assert.Null(world.Up["b"].Accept(other));
    }

    [Fact]
    public void A_record_that_names_another_directory_is_not_taken()
    {
        var world = Three();
        world.Round("a");
        world.Crash("b");
        world.Disks.Remove("b");
        world.Restart("b");
        Assert.Null(world.Up["b"].Accept(world.RecordOf("a")!));
    }

    [Theory]
    [InlineData(FoundingStanding.Founded, "b=http://b.example:2380", "has had one")]
    [InlineData(FoundingStanding.Founded, "x=http://x.example:2380", "has no place")]
    public void Beside_a_cluster_that_has_no_place_for_it_a_member_refuses_but_not_at_once(
        FoundingStanding standing, string members, string why)
    {
        var machine = new FoundingMachine(
            new FoundingOptions
            {
                Name = "b", PeerUrls = FoundingWorld.UrlOf("b"), ClientUrls = "http://b.example:2379", Token = "t",
                Peers = FoundingWorld.List("a", "b"),
            },
            FoundingNote.Draft(new Incarnation(7)));
        var answerer = new FoundingMember("a", FoundingWorld.UrlOf("a"), "http://a.example:2379", new Incarnation(1), 1);
        machine.Hear("a", new FoundingReply(new FoundingAnswer(standing, 5, 0, members, answerer), ""));
        Assert.Null(machine.Decide(1).Refusal);
        var refusal = Enumerable.Range(0, 10).Select(_ => machine.Decide(1).Refusal).First(found => found is not null)!;
        Assert.Contains(why, refusal.What, StringComparison.Ordinal);
        Assert.StartsWith("balsa member", refusal.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_crashes_when_and_starts_again_in_whatever_order_one_cluster_comes_of_it()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var (random, world) = (new Random(seed), Three());
            for (var step = 0; step < 30; step++)
            {
                var name = Names[random.Next(3)];
                if (!world.Up.ContainsKey(name)) world.Restart(name);
                else if (random.Next(4) == 0) world.Crash(name);
                else world.Round(name, diesBeforeAdopting: random.Next(3) == 0);
            }

            foreach (var name in Names) world.Restart(name);
            for (var round = 0; round < 2; round++)
                foreach (var name in Names) world.Round(name);
            var clusters = Names.Select(name => world.RecordOf(name)?.Cluster).Distinct().ToList();
            Assert.True(clusters is [not null], $"seed {seed}: {string.Join(' ', clusters)}");
            var directories = Names.Select(name => FoundingNote.TryRead(world.Disks[name])!).ToList();
            Assert.All(directories, note => Assert.Equal(note.Incarnation, note.Record!.Configuration.Find(note.Member)!.Incarnation));
        }
    }

    private static FoundingWorld Three()
    {
        var world = new FoundingWorld();
        foreach (var name in Names) world.Start(name, FoundingWorld.List(Names));
        return world;
    }
}
