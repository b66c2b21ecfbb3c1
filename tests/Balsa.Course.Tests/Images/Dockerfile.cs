namespace Balsa.Course.Tests.Images;

/// <summary>The instructions of a Dockerfile, each on one line, with what follows them.</summary>
internal sealed class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Word, string Words)> instructions) => Instructions = instructions;

    internal IReadOnlyList<(string Word, string Words)> Instructions { get; }

    internal static string Text => File.ReadAllText(Path.Combine(CourseLists.Root, "Dockerfile"));

    internal static Dockerfile Parse(string text)
    {
        var lines = text.Split('\n').Where(line => line.Length > 0 && line[0] != '#');
        var joined = string.Join('\n', lines).Replace("\\\n", " ", StringComparison.Ordinal);
        return new Dockerfile([.. joined.Split('\n').Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[^1].Trim()))]);
    }

    /// <summary>Of the last stage, and only there.</summary>
    internal string? Last(string word) =>
        FinalStage.LastOrDefault(instruction => instruction.Word == word).Words;

    internal IEnumerable<(string Word, string Words)> FinalStage =>
        Instructions.Skip(Instructions.ToList().FindLastIndex(instruction => instruction.Word == "FROM"));

    internal IEnumerable<(string Image, string Stage)> Stages =>
        Instructions.Where(instruction => instruction.Word == "FROM")
            .Select(instruction => instruction.Words.Split(" AS ")).Select(parts => (parts[0], parts.ElementAtOrDefault(1) ?? ""));

    /// <summary>What is copied from the sources into the first stage.</summary>
    internal IEnumerable<string> Sources =>
        Instructions.Where(one => one.Word is "COPY" or "ADD" && !one.Words.StartsWith("--from=", StringComparison.Ordinal))
            .SelectMany(one => one.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipLast(1));
}
