using System.Text.RegularExpressions;

namespace Balsa.Server.Logs;

/// <summary>One kind of line. Its name is what programs hold on to; its words may change.</summary>
/// <param name="Template">The words, with the names of fields in braces.</param>
public sealed partial record LogEvent(string Name, LogLevel Level, string Template)
{
    private readonly Regex _pattern = PatternOf(Template);

    /// <summary>The fields in their order, when the line is one of this kind; null otherwise.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>>? Match(string line)
    {
        var match = _pattern.Match(line);
        return match.Success
            ? [.. match.Groups.Values.Skip(1).Select(field => KeyValuePair.Create(field.Name, field.Value))]
            : null;
    }

    private static Regex PatternOf(string template)
    {
        var pattern = "^" + Regex.Escape(template).Replace("\\ ", " ", StringComparison.Ordinal) + "$";
        pattern = Hole().Replace(pattern, "(?<${name}>.+?)");
        return new Regex(pattern, RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex(@"\\\{(?<name>[a-zA-Z]+)}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hole();
}
