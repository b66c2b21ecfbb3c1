using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Searching;
using Balsa.Simulation.Judging.Windows;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>The judge against histories that are right by their making, and against a checker that tries everything.</summary>
public sealed class RandomHistoryTests
{
    private static readonly Func<bool> Patient = () => false;

    [Fact]
    public void What_a_true_register_answers_is_linearizable()
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var history = new History(RandomHistory.Of(new Dice(seed), 60));
            Assert.True(Judge.Decide(history, Patient).Verdict == Verdict.Linearizable, $"seed {seed}");
        }
    }

    [Fact]
    public void Small_histories_with_one_changed_fact_get_the_verdict_of_trying_everything()
    {
        var (good, bad) = (0, 0);
        for (var seed = 0UL; seed < 10_000; seed++)
        {
            var dice = new Dice(seed);
            var operations = RandomHistory.Mutated(RandomHistory.Of(dice, 7), dice);
            var expected = BruteForce.Explains(operations);
            var verdict = Judge.Decide(new History(operations), Patient).Verdict;
            Assert.True(verdict == (expected ? Verdict.Linearizable : Verdict.NotLinearizable), $"seed {seed}");
            if (expected) good++;
            else bad++;
        }

        // Both verdicts must be common, or the comparison proves little.
        Assert.True(good > 1_000 && bad > 1_000, $"{good} good, {bad} bad");
    }

    [Fact]
    public void The_window_of_a_wrong_history_is_wrong_by_itself_and_no_longer_than_the_whole()
    {
        var windows = 0;
        for (var seed = 0UL; seed < 2_000; seed++)
        {
            var dice = new Dice(seed);
            var operations = RandomHistory.Mutated(RandomHistory.Of(dice, 8), dice);
            var window = Judge.Decide(new History(operations), Patient).Window;
            if (window.Count == 0) continue;
            windows++;
            Assert.True(!BruteForce.Explains(window) && window.Count <= operations.Count, $"seed {seed}");
        }

        Assert.True(windows > 100, $"{windows} windows");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Leaving_out_what_nothing_sees_never_makes_a_right_history_wrong(bool hidden)
    {
        var omissions = 0;
        for (var seed = 0UL; seed < 1_000; seed++)
        {
            var dice = new Dice(seed);
            var operations = RandomHistory.Of(dice, 20);
            var start = dice.Below(20);
            var omitted = new Omission(operations, hidden).Between(start, dice.Between(start, 20));
            omissions += omitted.Count(isOmitted => isOmitted);
            var rest = operations.Where((_, place) => !omitted[place]);
            var search = new KeySearch(rest, new Room(1 << 20));
            search.Advance(int.MaxValue);
            Assert.True(search.Verdict == Verdict.Linearizable, $"seed {seed}");
        }

        Assert.True(omissions > 1_000, $"{omissions} omissions");
    }

    [Fact]
    public void With_no_room_to_remember_the_verdict_is_the_same()
    {
        for (var seed = 0UL; seed < 500; seed++)
        {
            var dice = new Dice(seed);
            var operations = new History(RandomHistory.Mutated(RandomHistory.Of(dice, 16), dice)).Operations;
            var (forgetful, normal) = (new KeySearch(operations, new Room(0)), new KeySearch(operations, new Room(1 << 20)));
            forgetful.Advance(1 << 24);
            normal.Advance(1 << 24);
            Assert.Equal(normal.Verdict, forgetful.Verdict);
        }
    }
}
