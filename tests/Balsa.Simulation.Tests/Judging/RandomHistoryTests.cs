using Balsa.Simulation.Judging;
using Balsa.Simulation.Judging.Histories;
using Balsa.Simulation.Judging.Searching;
using Balsa.Simulation.Judging.Trials;
using Balsa.Simulation.Judging.Windows;
using Balsa.Simulation.Randomness;

namespace Balsa.Simulation.Tests.Judging;

/// <summary>The judge against histories that are right by their making, and against a checker that tries everything.</summary>
public sealed class RandomHistoryTests
{
    private static readonly Func<bool> Patient = () => false;

    [Theory]
    [InlineData((int)TrialKind.Register, 60)]
    [InlineData((int)TrialKind.Store, 30)]
    [InlineData((int)TrialKind.Revisions, 500)]
    [InlineData((int)TrialKind.Doubtful, 40)]
    public void What_a_true_store_answers_is_linearizable(int kind, int count)
    {
        for (var seed = 0UL; seed < 300; seed++)
        {
            var history = new History(TrialHistory.Of(new Dice(seed), (TrialKind)kind, count));
            Assert.True(Judge.Decide(history, Patient).Verdict == Verdict.Linearizable, $"seed {seed}");
        }
    }

    [Fact]
    public void Small_histories_get_the_verdict_of_trying_everything()
    {
        var trial = new JudgeTrial();
        for (var seed = 1UL; seed <= 20_000; seed++) trial.Run(seed);
        Assert.Empty(trial.Mismatches);
        // Both verdicts must be common, or the comparison proves little.
        Assert.True(trial.Right > 5_000 && trial.Wrong > 2_000 && trial.WithUnknown > 5_000, $"{trial.Right} right, {trial.Wrong} wrong");
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void A_mistake_in_the_judge_is_noticed(JudgeMutant mutant)
    {
        var trial = new JudgeTrial(mutant);
        for (var seed = 1UL; seed <= 50_000 && trial.Mismatches.Count == 0; seed++) trial.Run(seed);
        Assert.NotEmpty(trial.Mismatches);
    }

    public static IEnumerable<TheoryDataRow<JudgeMutant>> Mutants() =>
        Enum.GetValues<JudgeMutant>().Where(mutant => mutant != JudgeMutant.None).Select(mutant => new TheoryDataRow<JudgeMutant>(mutant));

    [Fact]
    public void A_history_that_is_written_and_read_again_is_the_same()
    {
        for (var seed = 1UL; seed <= 2_000; seed++)
        {
            var history = new History(JudgeTrial.Draw(seed).Select((operation, place) => operation with { Client = $"c{place}" }));
            var lines = HistoryWriter.Lines(history).ToList();
            var again = HistoryReader.Read(lines);
            Assert.Equal(lines, HistoryWriter.Lines(again));
            Assert.Equal(Judge.Decide(history, Patient).Verdict, Judge.Decide(again, Patient).Verdict);
        }
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
            var operations = Searchable.Of(new History(TrialHistory.Of(dice, TrialKind.Register, 20)))[0];
            var start = dice.Below(20);
            var omitted = new Omission(operations, hidden).Between(start, dice.Between(start, 20));
            omissions += omitted.Count(isOmitted => isOmitted);
            var rest = operations.Where((_, place) => !omitted[place]).ToList();
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
            var operations = new History(TrialHistory.Mutated(TrialHistory.Of(dice, TrialKind.Register, 16), dice)).Operations;
            var (forgetful, normal) = (new KeySearch(operations, new Room(0)), new KeySearch(operations, new Room(1 << 20)));
            forgetful.Advance(1 << 24);
            normal.Advance(1 << 24);
            Assert.Equal(normal.Verdict, forgetful.Verdict);
        }
    }
}
