using Balsa.Raft.Messages;
using Balsa.Raft.Probes;
using Balsa.Simulation.Running;
using Balsa.Simulation.Scenarios;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>The scenarios prove that they can fail: each planted mistake changes at least one story.</summary>
public sealed class MutantTests
{
    public static TheoryData<Mutant> Mistakes() =>
        [.. Enum.GetValues<Mutant>().Where(m => m != Mutant.None && !IsLegal(m) && !IsOfHost(m))];

    /// <summary>There is no host in the stories, and one build.</summary>
    private static bool IsOfHost(Mutant mutant) => HostMutantHunt.Is(mutant);

    private static bool IsLegal(Mutant mutant) => mutant.ToString().StartsWith("Legal", StringComparison.Ordinal);

    private static List<ScenarioResult> Differences(Mutant planted) =>
        [.. ScenarioSuite.Run(() => new PlantingProbe(planted, null), ScenarioScripts.All()).Where(r => !r.PlayedAsRecorded)];

    [Theory, MemberData(nameof(Mistakes))]
    public void A_planted_mistake_changes_at_least_one_story(Mutant planted)
    {
        var differences = Differences(planted);
        Assert.NotEmpty(differences);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', differences.Take(3)));
    }

    public static TheoryData<Mutant> Variations() => [.. Enum.GetValues<Mutant>().Where(IsLegal)];

    [Theory, MemberData(nameof(Variations))]
    public void A_correct_variation_tells_other_stories_and_breaks_no_rule(Mutant variation)
    {
        foreach (var (name, text) in ScenarioScripts.All())
        {
            var played = ScenarioSuite.Replay(text, () => new PlantingProbe(variation, null));
            foreach (var broken in (string[])["DISASTER", "broke a rule", "answered twice", "does not come to rest"])
                Assert.False(played.Contains(broken, StringComparison.Ordinal), $"{name}: {broken}");
        }
    }

    [Fact]
    public void Without_a_mistake_every_story_is_as_recorded() => Assert.Empty(Differences(Mutant.None));

    [Fact]
    public void The_scripts_built_into_the_program_are_those_in_the_folder() =>
        Assert.Equal(ScenarioScripts.All().ToArray(), ScenarioSuite.BuiltIn().ToArray());

    [Fact]
    public void The_stories_reach_every_mark()
    {
        var marks = new SortedSet<Mark>();
        ScenarioSuite.Run(() => new PlantingProbe(Mutant.None, marks), ScenarioScripts.All());
        Assert.Equal([], Enum.GetValues<Mark>().Except(marks).ToArray());
    }

    [Fact]
    public void The_stories_meet_every_rejection()
    {
        var text = string.Concat(ScenarioScripts.All().Select(s => s.Text));
        var missing = Enum.GetValues<Rejection>().Where(r => !text.Contains($": {r}\n", StringComparison.Ordinal));
        Assert.Equal([Rejection.None], missing.ToArray());
    }
}
