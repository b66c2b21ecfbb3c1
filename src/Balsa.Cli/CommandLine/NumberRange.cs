using System.CommandLine;
using System.Globalization;

namespace Balsa.Cli.CommandLine;

/// <summary>Options that take a whole number between two others.</summary>
internal static class NumberRange
{
    public static void Limit<T>(Option<T> option, int min, int max) => option.Validators.Add(result =>
    {
        // What is no number at all is the parser's to refuse: asking for its value here would throw.
        if (result.Tokens.Count != 1) return;
        if (!long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return;
        if (value < min || value > max) result.AddError($"It must be between {min} and {max}.");
    });
}
