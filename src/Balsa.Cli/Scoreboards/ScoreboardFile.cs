using System.Text.Json;

namespace Balsa.Cli.Scoreboards;

/// <summary>
/// <c>docs/scoreboard.json</c>: a JSON array with one object a line, by issue and then in the order of the file, so that a
/// new figure is a difference of one line.
/// </summary>
internal static class ScoreboardFile
{
    public static readonly string RelativePath = Path.Combine("docs", "scoreboard.json");

    public static IReadOnlyList<ScoreLine> Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>Replaces the file in one step, so that a reader never sees half of it.</summary>
    public static void Write(string path, IEnumerable<ScoreLine> lines)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, Format(lines));
        File.Move(temporary, path, overwrite: true);
    }

    internal static IReadOnlyList<ScoreLine> Parse(string text) =>
        JsonSerializer.Deserialize(text, ScoreboardJson.Readable.ListScoreLine) ?? [];

    internal static string Format(IEnumerable<ScoreLine> lines)
    {
        var objects = lines.OrderBy(line => line.Issue).Select(line => "  " + ToJson(line));
        return $"[\n{string.Join(",\n", objects)}\n]\n";
    }

    public static string ToJson(ScoreLine line) => JsonSerializer.Serialize(line, ScoreboardJson.Readable.ScoreLine);
}
