using System.Text.Json.Nodes;

namespace Balsa.Course.Tests.Images;

/// <summary>
/// The part of YAML that our compose files use: blocks of mappings and sequences, lists in brackets, plain and double-quoted texts,
/// anchors, aliases and <c>&lt;&lt;</c>. All scalars are texts. Anything else is refused with its line, so that nothing is misread.
/// </summary>
internal sealed class YamlReader
{
    private readonly List<(int Number, int Indent, string Text)> _lines = [];
    private readonly Dictionary<string, JsonNode> _anchors = [];
    private int _next;

    private YamlReader(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = WithoutComment(line).TrimEnd();
            if (content.Contains('\t', StringComparison.Ordinal)) throw Wrong(number, "a tab");
            if (content.Length > 0) _lines.Add((number, content.Length - content.TrimStart().Length, content.TrimStart()));
        }
    }

    /// <exception cref="FormatException">It is not of this subset; the line is named.</exception>
    internal static JsonObject Read(string text)
    {
        var reader = new YamlReader(text);
        var read = reader.Block(0);
        if (reader._next < reader._lines.Count) throw Wrong(reader._lines[reader._next].Number, "it stands at a wrong depth");
        return read as JsonObject ?? throw Wrong(reader._lines[0].Number, "the top is no mapping");
    }

    private JsonNode Block(int indent)
    {
        var (number, depth, text) = _next < _lines.Count ? _lines[_next] : throw Wrong(_lines[^1].Number, "the file ends too early");
        if (depth != indent) throw Wrong(number, "it stands at a wrong depth");
        return text.StartsWith("- ", StringComparison.Ordinal) ? Sequence(indent) : Mapping(indent);
    }

    private JsonArray Sequence(int indent)
    {
        var found = new JsonArray();
        while (_next < _lines.Count && _lines[_next].Indent == indent)
        {
            var (number, _, text) = _lines[_next];
            if (!text.StartsWith("- ", StringComparison.Ordinal)) throw Wrong(number, "a key among the items of a list");
            var item = text[2..];
            if (KeyEnd(item) > 0)
            {
                // The item is a mapping that begins behind the dash.
                _lines[_next] = (number, indent + 2, item);
                found.Add(Mapping(indent + 2));
            }
            else
            {
                found.Add(Flow(item, number));
                _next++;
            }
        }

        return found;
    }

    private JsonObject Mapping(int indent)
    {
        var (found, merged) = (new JsonObject(), new JsonObject());
        while (_next < _lines.Count && _lines[_next].Indent == indent)
        {
            var (number, _, text) = _lines[_next];
            var end = KeyEnd(text);
            if (end <= 0) throw Wrong(number, "neither a key nor an item");
            var (key, rest) = (text[..end], text[(end + 1)..].Trim());
            _next++;
            var value = Value(rest, number, indent);
            if (key == "<<") merged = value as JsonObject ?? throw Wrong(number, "<< needs a mapping");
            else if (!found.TryAdd(key, value)) throw Wrong(number, $"the key {key} stands there twice");
        }

        // What a mapping says itself wins.
        foreach (var (key, value) in merged) found.TryAdd(key, value?.DeepClone());
        return found;
    }

    private JsonNode Value(string rest, int number, int indent)
    {
        if (rest.StartsWith('*'))
            return _anchors.TryGetValue(rest[1..], out var known) ? known.DeepClone() : throw Wrong(number, $"{rest} is not known");
        string? anchor = null;
        if (rest.StartsWith('&'))
        {
            var parts = rest[1..].Split(' ', 2);
            (anchor, rest) = (parts[0], parts.Length == 2 ? parts[1] : "");
        }

        var isBlock = rest.Length == 0;
        if (isBlock && (_next == _lines.Count || _lines[_next].Indent <= indent)) throw Wrong(number, "a key without a value");
        var value = isBlock ? Block(_lines[_next].Indent) : Flow(rest, number);
        if (anchor is not null) _anchors.Add(anchor, value.DeepClone());
        return value;
    }

    private static JsonNode Flow(string text, int number)
    {
        if (text == "{}") return new JsonObject();
        if (!text.StartsWith('[')) return Scalar(text, number);
        if (!text.EndsWith(']')) throw Wrong(number, "a list that does not end on its line");
        return new JsonArray([.. Items(text[1..^1]).Select(item => (JsonNode)Scalar(item, number))]);
    }

    private static IEnumerable<string> Items(string text)
    {
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"') isQuoted = !isQuoted;
            if (i < text.Length && (isQuoted || text[i] != ',')) continue;
            yield return text[start..i].Trim();
            start = i + 1;
        }
    }

    private static JsonValue Scalar(string text, int number)
    {
        if (text.Length > 1 && text[0] == '"' && text.IndexOf('"', 1) == text.Length - 1 && !text.Contains('\\', StringComparison.Ordinal))
            return JsonValue.Create(text[1..^1]);
        // A colon with a number before it is a number of base 60 to old readers, and ports are written so.
        var isTime = text.Contains(':', StringComparison.Ordinal)
            && text.Split(':').All(part => part.Length > 0 && part.All(char.IsAsciiDigit));
        var isPlain = text.Length > 0 && !isTime && text is not ("yes" or "no" or "on" or "off")
            && !"&*!|>%@`{}[]\"'#,?-".Contains(text[0], StringComparison.Ordinal)
            && !text.Contains(": ", StringComparison.Ordinal) && !text.EndsWith(':');
        return isPlain || text.StartsWith("--", StringComparison.Ordinal) ? JsonValue.Create(text)
            : throw Wrong(number, $"\"{text}\" is not read here; quote it");
    }

    /// <summary>Where the colon behind the key is; not above 0 when there is no key.</summary>
    private static int KeyEnd(string text)
    {
        var end = 0;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || "_-<".Contains(text[end], StringComparison.Ordinal))) end++;
        return end < text.Length && text[end] == ':' && (end + 1 == text.Length || text[end + 1] == ' ') ? end : -1;
    }

    private static string WithoutComment(string line)
    {
        var isQuoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"') isQuoted = !isQuoted;
            if (line[i] == '#' && !isQuoted && (i == 0 || line[i - 1] == ' ')) return line[..i];
        }

        return line;
    }

    private static FormatException Wrong(int number, string what) => new($"line {number}: {what}");
}
