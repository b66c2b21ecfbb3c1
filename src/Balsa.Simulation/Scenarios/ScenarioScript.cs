namespace Balsa.Simulation.Scenarios;

/// <summary>
/// A script as text: comments, then a command, a line of dashes, and what happened, up to an empty line.
/// <code>
/// # An entry that reached nobody is cut back by the next leader.
/// propose 1 "x" lose=(2,3)
/// ----
/// 1 appended 1/2 "x"
/// </code>
/// </summary>
public sealed class ScenarioScript
{
    private const string Divider = "----";

    private ScenarioScript(IReadOnlyList<Scene> scenes) => Scenes = scenes;

    public IReadOnlyList<Scene> Scenes { get; }

    /// <summary>One command with the comments above it; an empty command stands for comments at the end.</summary>
    public readonly record struct Scene(IReadOnlyList<string> Comments, string Command, IReadOnlyList<string> Recorded);

    public static ScenarioScript Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scenes = new List<Scene>();
        var comments = new List<string>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Length == 0 || line[0] == '#')
            {
                if (line.Length > 0 || comments.Count > 0) comments.Add(line);
                continue;
            }
            var recorded = new List<string>();
            if (i + 1 < lines.Length && lines[i + 1].TrimEnd() == Divider)
                for (i += 2; i < lines.Length && lines[i].TrimEnd().Length > 0; i++) recorded.Add(lines[i].TrimEnd());
            scenes.Add(new Scene(comments, line, recorded));
            comments = [];
        }
        while (comments.Count > 0 && comments[^1].Length == 0) comments.RemoveAt(comments.Count - 1);
        if (comments.Count > 0) scenes.Add(new Scene(comments, "", []));
        return new ScenarioScript(scenes);
    }

    /// <summary>The script with these outputs in place of the recorded ones, laid out the one way scripts are laid out.</summary>
    public string Render(IReadOnlyList<IReadOnlyList<string>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var lines = new List<string>();
        for (var i = 0; i < Scenes.Count; i++)
        {
            lines.AddRange(Scenes[i].Comments);
            if (Scenes[i].Command.Length == 0) continue;
            lines.Add(Scenes[i].Command);
            lines.Add(Divider);
            lines.AddRange(outputs[i]);
            lines.Add("");
        }
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        return string.Join('\n', lines) + "\n";
    }
}
