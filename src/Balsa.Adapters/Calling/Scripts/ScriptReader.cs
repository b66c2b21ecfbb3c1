using System.Globalization;
using System.Text;
using Balsa.Adapters.Controller;

namespace Balsa.Adapters.Calling.Scripts;

/// <summary>
/// From lines to steps, before any of them is taken. A line is empty, a comment (#), or words: <c>wait TIME</c>,
/// <c>wait leader [other] TIME</c>, <c>expect FIELD=VALUE ...</c>, or <c>TARGET REQUEST [KEY [VALUE]] [OPTION ...]</c>.
/// </summary>
public static class ScriptReader
{
    /// <summary>What an expectation may look at.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["answers", "entries", "request", "sender", "leader", "term", "key", "value", "success", "error", "index", "state", "entry:KEY"];

    private static readonly string[] Signs = ["!=", ">=", "="];

    /// <exception cref="ScriptException">The first line that cannot be understood, and why.</exception>
    public static IReadOnlyList<ScriptStep> Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var steps = new List<ScriptStep>();
        foreach (var (index, line) in lines.Index())
        {
            var text = line.Trim();
            if (text.Length > 0 && !text.StartsWith('#')) steps.Add(ReadStep(index + 1, text));
        }

        return steps;
    }

    /// <summary>One line, as a prompt takes it.</summary>
    /// <exception cref="ScriptException">It cannot be understood.</exception>
    public static ScriptStep ReadStep(int line, string text)
    {
        var words = Split(line, text);
        return words[0].ToUpperInvariant() switch
        {
            "WAIT" => Wait(line, text, words),
            "EXPECT" => Expect(line, text, words),
            _ => Ask(line, text, words),
        };
    }

    /// <exception cref="ScriptException">It cannot be understood.</exception>
    public static AskStep Ask(int line, string text, IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Count < 2) throw new ScriptException(line, $"\"{text}\" is no step.", "Write TARGET REQUEST, wait, or expect.");
        if (RequestWords.KindOf(words[1]) is not { } kind)
            throw new ScriptException(line, $"there is no request \"{words[1]}\".", $"There are {string.Join(' ', RequestWords.All)}.");
        var request = new CallerRequest(words[1].ToUpperInvariant()) { WantsAck = IsOrder(kind) };
        var values = new List<string>();
        foreach (var word in words.Skip(2))
        {
            if (word is "local") request = request with { IsLocal = true };
            else if (Option(word, "from=") is { } from) request = request with { From = from };
            else if (Option(word, "limit=") is { } limit) request = request with { Limit = (int)Math.Min(limit, int.MaxValue) };
            else values.Add(word);
        }

        var most = kind == RequestKind.Store ? 2 : 0;
        if (values.Count > most || (most > 0 && values.Count == 0))
            throw new ScriptException(line, $"{request.Request} has the wrong number of words behind it.",
                most > 0 ? "It takes a key and a value." : "It takes none, but local, from=N and limit=N.");
        if (values.Count > 0)
        {
            request = request with
            {
                Key = CallerRequest.ToJson(values[0]), Value = values.Count > 1 ? CallerRequest.ToJson(values[1]) : "null",
                // So that it can be sent again, to whoever leads then, and is stored once.
                Ticket = Guid.NewGuid().ToString("n"),
            };
        }

        return new AskStep(line, text, words[0], request);
    }

    private static LeaderStep Leader(int line, string text, IReadOnlyList<string> words)
    {
        var isOther = words.Count > 2 && words[2].Equals("other", StringComparison.OrdinalIgnoreCase);
        var rest = words.Skip(isOther ? 3 : 2).ToList();
        return new LeaderStep(line, text, rest.Count == 0 ? TimeSpan.FromSeconds(10) : Time(line, rest[0]), isOther);
    }

    private static ScriptStep Wait(int line, string text, IReadOnlyList<string> words)
    {
        if (words.Count < 2) throw new ScriptException(line, "wait needs a time.", "Write wait 5s, or wait leader 10s.");
        return words[1].Equals("leader", StringComparison.OrdinalIgnoreCase)
            ? Leader(line, text, words) : new PauseStep(line, text, Time(line, words[1]));
    }

    private static ExpectStep Expect(int line, string text, IReadOnlyList<string> words)
    {
        if (words.Count < 2) throw new ScriptException(line, "expect needs something to expect.", "Write expect leader=$leader answers=5.");
        return new ExpectStep(line, text, [.. words.Skip(1).Select(word => ExpectationOf(line, word))]);
    }

    private static Expectation ExpectationOf(int line, string word)
    {
        // The first sign in the word, and where two begin at one place, the longer.
        var found = Signs.Select(sign => (Sign: sign, At: word.IndexOf(sign, StringComparison.Ordinal)))
            .Where(one => one.At > 0).OrderBy(one => one.At).ThenByDescending(one => one.Sign.Length).FirstOrDefault();
        if (found.Sign is null) throw new ScriptException(line, $"\"{word}\" expects nothing.", "Write FIELD=VALUE, FIELD!=VALUE or FIELD>=NUMBER.");
        var field = word[..found.At];
        if (!Fields.Contains(field) && !field.StartsWith("entry:", StringComparison.Ordinal))
            throw new ScriptException(line, $"answers have no field \"{field}\".", $"There are {string.Join(' ', Fields)}.");
        return new Expectation(field, found.Sign, word[(found.At + found.Sign.Length)..]);
    }

    private static bool IsOrder(RequestKind kind) => new ControllerRequest(kind) { Word = "" }.IsOrder;

    private static long? Option(string word, string name) =>
        word.StartsWith(name, StringComparison.Ordinal)
            && long.TryParse(word[name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static TimeSpan Time(int line, string text)
    {
        var (digits, unit) = text switch
        {
            [.. var head, 'm', 's'] => (head, 1.0),
            [.. var head, 's'] => (head, 1000.0),
            _ => (text, 1000.0),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * unit is > 0 and < 3.6e6
            ? TimeSpan.FromMilliseconds(number * unit)
            : throw new ScriptException(line, $"\"{text}\" is no time.", "Write 500ms or 5s.");
    }

    /// <summary>Words are parted by spaces; in quotes, and inside of JSON, a space is a space.</summary>
    private static List<string> Split(int line, string text)
    {
        var (words, word, depth, quote, isOpen) = (new List<string>(), new StringBuilder(), 0, '\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '"' && c == '\\' && i + 1 < text.Length) word.Append(c).Append(text[++i]);
            else if (quote != '\0' && c == quote) { quote = '\0'; if (c == '"') word.Append(c); }
            else if (quote != '\0') word.Append(c);
            else if (c == '\'') (quote, isOpen) = (c, true);
            else if (c == '"') { quote = c; word.Append(c); }
            else if (char.IsWhiteSpace(c) && depth == 0)
            {
                if (word.Length > 0 || isOpen) words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
            else
            {
                depth += c is '{' or '[' ? 1 : c is '}' or ']' ? -1 : 0;
                word.Append(c);
            }
        }

        if (quote != '\0' || depth > 0) throw new ScriptException(line, $"\"{text}\" is not finished.", "A quote or a bracket is open.");
        if (word.Length > 0 || isOpen) words.Add(word.ToString());
        return words;
    }
}
