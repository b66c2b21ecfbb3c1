using Balsa.Raft.Probes;
using Balsa.Simulation.Scenarios;

namespace Balsa.Raft.Tests.Scripts;

/// <summary>
/// The stories in Scenarios/*.txt. After a change of behaviour run with BALSA_REWRITE=1 and review the difference.
/// </summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Scripts() => [.. ScenarioScripts.Names()];

    [Theory, MemberData(nameof(Scripts))]
    public void The_scenario_plays_as_recorded(string name)
    {
        var path = ScenarioScripts.PathOf(name);
        var recorded = File.ReadAllText(path);
        var played = ScenarioSuite.Replay(recorded, () => default(NoProbe));
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") is "1") File.WriteAllText(path, played);
        else Assert.Equal(recorded, played);
    }

    [Theory, MemberData(nameof(Scripts))]
    public void A_scenario_plays_the_same_to_the_byte_each_time(string name)
    {
        var script = File.ReadAllText(ScenarioScripts.PathOf(name));
        Assert.Equal(ScenarioSuite.Replay(script, () => default(NoProbe)), ScenarioSuite.Replay(script, () => default(NoProbe)));
    }

    [Fact]
    public void No_scenario_ends_in_a_disaster_or_asks_for_what_cannot_be()
    {
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") is "1") return;
        foreach (var (name, text) in ScenarioScripts.All())
        {
            foreach (var forbidden in (string[])["DISASTER", "broke a rule", "cannot: ", "answered twice", "does not come to rest"])
                Assert.False(
                    text.Split('\n').Any(l => l.Length > 0 && l[0] != '#' && l.Contains(forbidden, StringComparison.Ordinal)),
                    $"{name} holds \"{forbidden}\"");
        }
    }
}
