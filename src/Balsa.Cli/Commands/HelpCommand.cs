using System.CommandLine;
using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Commands;

/// <summary>`balsa help`: the help of a command, or of something that is no command.</summary>
internal static class HelpCommand
{
    private const string ExitCodes = "exit-codes";

    public static CliCommand Create(TextWriter results, TextWriter messages)
    {
        var topic = new Argument<string[]>("topic") { Description = $"A command, or {ExitCodes}.", Arity = ArgumentArity.ZeroOrMore };
        var command = new CliCommand("help", "Shows the help of a command.", "balsa help exit-codes", "balsa help put");
        command.Arguments.Add(topic);
        command.SetAction(parsed => Run(new Output(results, messages, json: false), results, parsed, parsed.GetValue(topic) ?? []));
        return command;
    }

    private static int Run(Output output, TextWriter results, ParseResult parsed, string[] words)
    {
        if (words is [ExitCodes])
        {
            foreach (var (code, meaning) in ExitCode.Meanings) output.Line($"{code,4}  {meaning}");
            return ExitCode.Done;
        }

        Command found = parsed.RootCommandResult.Command;
        foreach (var word in words)
        {
            if (found.Subcommands.FirstOrDefault(c => c.Name == word) is { } next) found = next;
            else
            {
                var known = found.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).Append(ExitCodes);
                var nearest = NearestNames.To(word, known).Take(2).Select(name => $"balsa help {name}");
                return output.Fail(
                    new Problem($"there is no help for \"{word}\".", "It is no command.", [.. nearest, "balsa --help"]), ExitCode.Usage);
            }
        }

        new HelpPage(results).Print(found);
        return ExitCode.Done;
    }
}
