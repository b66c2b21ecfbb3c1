using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Balsa.Cli.CommandLine;

/// <summary>Options and arguments that take a whole number between two others.</summary>
internal static class NumberRange
{
    public static Option<int> Option(string name, string description, int otherwise, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => otherwise };
        Limit(option, min, max);
        return option;
    }

    public static void Limit<T>(Option<T> option, int min, int max) =>
        option.Validators.Add(result => Check(result, min, max, $"It must be between {min} and {max}."));

    public static void AtLeast<T>(Option<T> option, int min) =>
        option.Validators.Add(result => Check(result, min, long.MaxValue, $"It must be at least {min}."));

    public static void AtLeast<T>(Argument<T> argument, int min) =>
        argument.Validators.Add(result => Check(result, min, long.MaxValue, $"It must be at least {min}."));

    private static void Check(SymbolResult given, long min, long max, string problem)
    {
        // What is no number at all is the parser's to refuse: asking for its value here would throw.
        if (given.Tokens.Count != 1) return;
        if (!long.TryParse(given.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return;
        if (value < min || value > max) given.AddError(problem);
    }
}
