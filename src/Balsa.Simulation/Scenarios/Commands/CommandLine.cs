using System.Globalization;
using Balsa.Raft.Log;
using Balsa.Simulation.Scenarios.Cluster;

namespace Balsa.Simulation.Scenarios.Commands;

/// <summary>A command in its parts: a name, words, at most one quoted text, and settings of the form name=value.</summary>
internal sealed class CommandLine
{
    private readonly List<string> _words = [];
    private readonly SortedDictionary<string, string> _settings = new(StringComparer.Ordinal);
    private int _next;

    internal string Name { get; private init; } = "";

    internal string? Text { get; private set; }

    internal IReadOnlyDictionary<string, string> Settings => _settings;

    internal static CommandLine Parse(string line)
    {
        var parts = Split(line);
        var command = new CommandLine { Name = parts[0] };
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (part[0] == '"') command.Text = part.Trim('"');
            else if (equals > 0) command._settings[part[..equals]] = part[(equals + 1)..];
            else command._words.Add(part);
        }
        return command;
    }

    internal bool HasMore => _next < _words.Count;

    internal string Word() =>
        HasMore ? _words[_next++] : throw new ScenarioException($"'{Name}' needs another word.");

    /// <summary>Takes the word wherever it stands; false when it does not.</summary>
    internal bool Takes(string word) => _words.Remove(word);

    internal int Number() => ParseNumber(Word());

    internal int NumberOr(int otherwise) => HasMore && int.TryParse(_words[_next], out _) ? Number() : otherwise;

    internal string Setting(string name, string otherwise = "") => _settings.GetValueOrDefault(name, otherwise);

    internal int Setting(string name, int otherwise) => _settings.TryGetValue(name, out var value) ? ParseNumber(value) : otherwise;

    internal IEnumerable<int> Nodes(string name) =>
        Setting(name).Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseNumber);

    internal EntryId Entry(string name, EntryId otherwise = default) =>
        _settings.TryGetValue(name, out var value) ? ParseEntry(value) : otherwise;

    internal static EntryId ParseEntry(string word)
    {
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) throw new ScenarioException($"'{word}' is no entry; write term/index.");
        return new EntryId(new Term(ParseLarge(word[..slash])), new LogIndex(ParseLarge(word[(slash + 1)..])));
    }

    /// <summary>Optional words from->to (a star for any) and a message kind, in any order.</summary>
    internal LetterPattern Pattern()
    {
        var pattern = LetterPattern.Any;
        while (HasMore)
        {
            var word = _words[_next];
            if (word.Contains("->", StringComparison.Ordinal)) pattern = pattern with { From = Link(word).From, To = Link(word).To };
            else if (Wording.TryKind(word, out var kind)) pattern = pattern with { Kind = kind };
            else break;
            _next++;
        }
        return pattern;
    }

    internal static (int From, int To) Link(string word)
    {
        var ends = word.Split("->");
        if (ends.Length != 2) throw new ScenarioException($"'{word}' is no link; write 1->2.");
        return (End(ends[0]), End(ends[1]));
    }

    internal static int ParseNumber(string word) =>
        int.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : throw new ScenarioException($"'{word}' is no number.");

    internal static ulong ParseLarge(string word) =>
        ulong.TryParse(word, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number : throw new ScenarioException($"'{word}' is no number.");

    private static int End(string word) => word == "*" ? 0 : ParseNumber(word);

    private static List<string> Split(string line)
    {
        var parts = new List<string>();
        for (var i = 0; i < line.Length;)
        {
            if (line[i] == ' ')
            {
                i++;
                continue;
            }
            var end = line[i] == '"' ? line.IndexOf('"', i + 1) + 1 : line.IndexOf(' ', i);
            if (end <= 0) end = line.Length;
            parts.Add(line[i..end]);
            i = end;
        }
        return parts;
    }
}
