using System.Reflection;
using Balsa.Raft.Probes;

namespace Balsa.Simulation.Scenarios;

/// <summary>All the recorded scenarios, playable without a test runner: to show that a planted mistake changes a story.</summary>
public static class ScenarioSuite
{
    private const string Prefix = "scenarios/";

    /// <summary>The scripts that were built into this program, by name in alphabetical order.</summary>
    public static IReadOnlyList<(string Name, string Text)> BuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<(string, string)>();
        foreach (var resource in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add((resource[Prefix.Length..], reader.ReadToEnd()));
        }
        return scripts;
    }

    public static IReadOnlyList<ScenarioResult> Run<TProbe>(Func<TProbe> probeFactory, IEnumerable<(string Name, string Text)> scripts)
        where TProbe : struct, IProbe
    {
        ArgumentNullException.ThrowIfNull(scripts);
        return [.. scripts.Select(s => Play(probeFactory, s.Name, s.Text))];
    }

    /// <summary>Plays the whole script on a fresh cluster: the same comments and commands with the output of today.</summary>
    public static string Replay<TProbe>(string script, Func<TProbe> probeFactory) where TProbe : struct, IProbe
    {
        var parsed = ScenarioScript.Parse(script);
        var runner = new ScenarioRunner<TProbe>(probeFactory);
        var outputs = new List<IReadOnlyList<string>>();
        foreach (var scene in parsed.Scenes) outputs.Add(scene.Command.Length == 0 ? [] : runner.Play(scene.Command));
        return parsed.Render(outputs);
    }

    private static ScenarioResult Play<TProbe>(Func<TProbe> probeFactory, string name, string recorded) where TProbe : struct, IProbe
    {
        string played;
        try
        {
            played = Replay(recorded, probeFactory);
        }
#pragma warning disable CA1031 // A planted mistake may break anything; whatever it breaks is a difference.
        catch (Exception failure)
        {
            return new ScenarioResult(name, 1, "a story", $"{failure.GetType().Name}: {failure.Message}");
        }
#pragma warning restore CA1031
        string[] expected = recorded.Split('\n'), actual = played.Split('\n');
        for (var i = 0; i < Math.Max(expected.Length, actual.Length); i++)
        {
            var (was, now) = (expected.ElementAtOrDefault(i) ?? "(the end)", actual.ElementAtOrDefault(i) ?? "(the end)");
            if (was != now) return new ScenarioResult(name, i + 1, was, now);
        }
        return new ScenarioResult(name, 0, "", "");
    }
}
