using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Balsa.Cli.CommandLine;

/// <summary>Times as people type them: 500ms, 5s, 2m, or a bare number of seconds.</summary>
internal static class Duration
{
    public static Option<TimeSpan> Option(string name, string description, TimeSpan otherwise) => new(name)
    {
        Description = description, HelpName = "TIME", CustomParser = Parse, DefaultValueFactory = _ => otherwise,
    };

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var (number, unit) = text switch
        {
            [.. var digits, 'm', 's'] => (digits, 0.001),
            [.. var digits, 's'] => (digits, 1.0),
            [.. var digits, 'm'] => (digits, 60.0),
            _ => (text, 1.0),
        };
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        if (value * unit is not (> 0 and < 86_400)) return false;
        time = TimeSpan.FromSeconds(value * unit);
        return true;
    }

    private static TimeSpan Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (TryParse(text, out var time)) return time;
        argument.AddError($"\"{text}\" is no time. Write 500ms, 5s or 2m.");
        return default;
    }
}
