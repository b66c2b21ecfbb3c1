using System.CommandLine;
using System.CommandLine.Parsing;

namespace Balsa.Cli.CommandLine;

/// <summary>Turns what the parser did not understand into an error in three parts.</summary>
internal static class UsageProblem
{
    public static Problem From(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = CliCommand.PathOf(command);
        var help = $"{path} --help";

        if (parsed.UnmatchedTokens.Count > 0)
        {
            var word = parsed.UnmatchedTokens[0];
            if (word.StartsWith('-')) return UnknownWord("option", word, path, OptionNames(command), help);
            return command.Subcommands.Count > 0
                ? UnknownWord("command", word, path, CommandNames(command), help)
                : new Problem($"`{path}` has no place for \"{word}\".", Takes(command), help);
        }

        if (command.Subcommands.Count > 0 && command.Action is null)
        {
            return new Problem(
                $"`{path}` needs a command after it.",
                $"It knows {string.Join(", ", CommandNames(command))}.",
                help);
        }

        var error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            OptionResult { Tokens.Count: > 0 } option =>
                WrongValue(option.Option.Name, option.Option.ValueType, option.Tokens, error.Message, help),
            OptionResult option => new Problem($"`{path}` needs a value after {option.Option.Name}.", "None was given.", help),
            ArgumentResult { Tokens.Count: > 0 } argument =>
                WrongValue(argument.Argument.Name.ToUpperInvariant(), argument.Argument.ValueType, argument.Tokens, error.Message, help),
            _ when MissingArguments(parsed) is { Length: > 0 } missing => new Problem($"`{path}` needs {missing}.", Takes(command), help),
            _ => new Problem($"`{path}` cannot run like this.", error.Message, help),
        };
    }

    private static Problem WrongValue(string name, Type type, IReadOnlyList<Token> given, string reason, string help)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        // Only what the parser itself could not convert; a range or a list of words explains itself.
        var isUnreadable = reason.StartsWith("Cannot parse", StringComparison.Ordinal);
        var why = (isUnreadable ? Type.GetTypeCode(value) : TypeCode.Object) switch
        {
            TypeCode.Boolean => "It needs true or false.",
            TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt32 or TypeCode.UInt64 => "It needs a whole number.",
            TypeCode.Double or TypeCode.Single or TypeCode.Decimal => "It needs a number.",
            _ => Sentence(reason),
        };
        return new Problem($"{name} cannot be \"{string.Join(' ', given.Select(token => token.Value))}\".", why, help);
    }

    private static string Sentence(string reason)
    {
        var plain = string.Join(' ', reason.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        var choices = plain.IndexOf("Must be one of", StringComparison.Ordinal);
        return choices < 0 ? plain : $"It must be one of{plain[(choices + "Must be one of".Length)..]}.";
    }

    private static string MissingArguments(ParseResult parsed) => string.Join(" and ", parsed.CommandResult.Command.Arguments
        .Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 })
        .Select(argument => argument.Name.ToUpperInvariant()));

    private static string Takes(Command command)
    {
        var names = command.Arguments.Where(a => !a.Hidden).Select(a => a.Name.ToUpperInvariant()).ToList();
        return names.Count == 0 ? "It takes only options." : $"It takes {string.Join(" and ", names)}.";
    }

    private static Problem UnknownWord(string kind, string word, string path, IReadOnlyList<string> known, string help)
    {
        var what = $"`{path}` has no {kind} \"{word}\".";
        var why = known.Count == 0 ? $"It takes no {kind} here." : $"It knows {string.Join(", ", known)}.";
        var nearest = word == "help" ? [] : NearestNames.To(word, known).Select(name => $"{path} {name}");
        return new Problem(what, why, [.. nearest.Take(2), help]);
    }

    private static List<string> CommandNames(Command command) =>
        [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];

    private static List<string> OptionNames(Command command) =>
        [.. command.Options.Where(o => !o.Hidden).Select(o => o.Name)];
}
