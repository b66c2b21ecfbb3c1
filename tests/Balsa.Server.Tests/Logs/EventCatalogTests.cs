using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Balsa.Server.Logs;

namespace Balsa.Server.Tests.Logs;

/// <summary>The list of events, the sentences in the sources, and the page in the docs say the same.</summary>
public sealed partial class EventCatalogTests
{
    private static readonly string[] Sources =
        ["Balsa.Server", "Balsa.Node", "Balsa.Replica", "Balsa.Transport", "Balsa.Adapters", "Balsa.Cli/Commands/Cluster"];

    [Fact]
    public void Every_sentence_that_a_node_says_is_an_event()
    {
        var sentences = Sources.SelectMany(folder => SentencesIn(Path.Combine(Root, "src", folder))).ToList();

        Assert.True(sentences.Count > 40, $"only {sentences.Count} sentences were found");
        var unknown = sentences.Where(sentence => EventCatalog.Find(sentence).Name == "note").ToList();
        Assert.True(unknown.Count == 0, $"Add to EventCatalog, then BALSA_REWRITE=1 ./test server:\n{string.Join('\n', unknown)}");
    }

    [Fact]
    public void Every_event_is_said_by_somebody()
    {
        var said = Sources.SelectMany(folder => SentencesIn(Path.Combine(Root, "src", folder)))
            .Select(sentence => EventCatalog.Find(sentence).Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(EventCatalog.All.Select(known => known.Name).Except(said));
    }

    [Fact]
    public void Names_of_events_are_distinct_and_have_two_parts()
    {
        Assert.Equal(EventCatalog.All.Count, EventCatalog.All.Select(known => known.Name).Distinct().Count());
        Assert.All(EventCatalog.All, known => Assert.Matches("^[a-z]+\\.[a-z-]+$", known.Name));
    }

    [Fact]
    public void The_page_lists_all_events()
    {
        var page = Path.Combine(Root, "docs", "logs.md");
        var text = File.ReadAllText(page);
        var at = text.IndexOf("| Event |", StringComparison.Ordinal);
        var wanted = text[..at] + Table();
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1") File.WriteAllText(page, wanted);

        Assert.True(text == wanted || Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1", "BALSA_REWRITE=1 ./test server");
    }

    private static string Table()
    {
        var table = new StringBuilder("| Event | Level | Says |\n| --- | --- | --- |\n");
        foreach (var known in EventCatalog.All.OrderBy(known => known.Name, StringComparer.Ordinal))
        {
            var level = known.Level.ToString().ToLowerInvariant();
            table.Append(CultureInfo.InvariantCulture, $"| `{known.Name}` | {level} | {known.Template} |\n");
        }

        return table.ToString();
    }

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "Balsa.slnx"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }

    /// <summary>What stands in the calls of a method "note", with something in place of each hole.</summary>
    private static IEnumerable<string> SentencesIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            // A front end is no node.
            if (file.Contains($"{Path.DirectorySeparatorChar}FrontEnds{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) continue;
            var source = File.ReadAllText(file);
            foreach (Match call in Call().Matches(source))
            {
                var statement = source[call.Index..EndOf(source, call.Index + call.Length)];
                foreach (var sentence in Alternatives(statement)) yield return sentence;
            }
        }
    }

    private static int EndOf(string source, int from)
    {
        var (depth, inText) = (1, false);
        var at = from;
        for (; depth > 0 && at < source.Length; at++)
        {
            if (source[at] == '"' && source[at - 1] != '\\') inText = !inText;
            else if (!inText && source[at] == '(') depth++;
            else if (!inText && source[at] == ')') depth--;
        }

        return at;
    }

    /// <summary>Texts joined by a plus are one sentence; others are sentences of their own.</summary>
    private static IEnumerable<string> Alternatives(string statement)
    {
        var texts = Text().Matches(statement).ToList();
        var sentence = "";
        for (var i = 0; i < texts.Count; i++)
        {
            sentence += Filled(texts[i].Groups["text"].Value);
            var end = texts[i].Index + texts[i].Length;
            var between = i + 1 < texts.Count ? statement[end..texts[i + 1].Index] : statement[end..];
            if (i + 1 < texts.Count && between.Trim() == "+") continue;
            if (between.TrimStart().StartsWith('+')) sentence += "something";
            yield return sentence;
            sentence = "";
        }
    }

    private static string Filled(string text)
    {
        var filled = new StringBuilder();
        var depth = 0;
        foreach (var letter in text)
        {
            if (letter == '{' && depth++ == 0) filled.Append('7');
            else if (letter == '}') depth--;
            else if (depth == 0) filled.Append(letter);
        }

        return filled.ToString();
    }

    private const string Callers = @"(?<![\w.])(?:_note|note|options\.Note|handler\.Note|node\.Note|log\.Note|log\.Ready)\(";

    [GeneratedRegex(
        Callers + @"(?=\s*[$""]|value \?|lost\.|role switch|Why is|dead \?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Call();

    [GeneratedRegex(
        @"\$?""(?<text>(?:[^""\\{]|\\.|\{(?:[^{}""]|""[^""]*"")*\})*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Text();
}
