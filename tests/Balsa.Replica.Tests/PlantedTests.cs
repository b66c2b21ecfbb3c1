using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Replica.Contracts;
using Balsa.Replica.Inputs;

namespace Balsa.Replica.Tests;

/// <summary>Mistakes that need more coincidences than a simulated world has: what would show them is played step by step.</summary>
public sealed class PlantedTests
{
    [Theory]
    [InlineData(Mutant.None, false)]
    [InlineData(Mutant.HostNumbersForwardsFromOne, true)]
    public void Numbers_that_begin_anew_at_each_start_confuse_late_answers(Mutant planted, bool isConfused)
    {
        var earlier = Start(seed: 77, planted);
        earlier.Propose("one", TimeSpan.FromSeconds(5));
        var later = Start(seed: 12_345, planted);
        var caller = later.Propose("two", TimeSpan.FromSeconds(5));
        var late = Assert.Single(earlier.World.Forwards).Command;
        later.Hand(new PeerForwardAnswer(
            new Origin(default, new MemberId(2), new Incarnation(2), new Boot(1), 1),
            new ForwardedAnswer(late.Number, new ReplicaAnswer(Outcome.Done, default, new MemberId(2), "answer to one"u8.ToArray()))));
        Assert.Equal(isConfused, caller.Task.IsCompleted);
    }

    [Theory]
    [InlineData(Mutant.None, false)]
    [InlineData(Mutant.HostServesSetAside, true)]
    public void Who_is_set_aside_serves_nobody(Mutant planted, bool serves)
    {
        var driver = new Driver(planted: planted).Lead();
        driver.Propose("poison");
        for (var i = 0; i < 2; i++) driver.MakeDurable();
        var read = new TaskCompletionSource<ReplicaAnswer>();
        driver.Hand(new RunQuery(default, Raft.Reads.ReadMode.Local, read));
        Assert.Equal(serves, Driver.Told(read).Outcome.Verdict == Verdict.Done);
    }

    private static Driver Start(ulong seed, Mutant planted) =>
        new Driver(voters: 3, new ReplicaOptions { Raft = World.Options() with { Seed = seed } }, planted: planted).Follow();
}
