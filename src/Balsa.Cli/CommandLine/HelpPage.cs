using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Balsa.Cli.CommandLine;

/// <summary>The help of one command: what it is, examples, then usage, commands, arguments and options.</summary>
internal sealed class HelpPage(TextWriter results) : SynchronousCommandLineAction
{
    private const int WidestName = 28;

    public override int Invoke(ParseResult parseResult)
    {
        Print(parseResult.CommandResult.Command);
        return ExitCode.Done;
    }

    public void Print(Command command)
    {
        results.WriteLine(command.Description);
        PrintLines("Examples", ExamplesOf(command));
        PrintLines("Usage", [UsageOf(command)]);
        PrintTable("Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description)));
        PrintTable("Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (a.Name.ToUpperInvariant(), a.Description)));
        PrintTable("Options", OptionsOf(command).Select(o => (NamesOf(o), o.Description)));
        if (command.Subcommands.Count > 0)
        {
            results.WriteLine();
            results.WriteLine($"`{CliCommand.PathOf(command)} COMMAND --help` tells more about a command.");
        }
    }

    private static IReadOnlyList<string> ExamplesOf(Command command) => command switch
    {
        CliCommand own => own.Examples,
        RootCommand => ["balsa dev", "balsa put hello world", "balsa sim run --seeds 1000"],
        _ => [],
    };

    private static string UsageOf(Command command)
    {
        var usage = CliCommand.PathOf(command);
        if (command.Subcommands.Count > 0)
        {
            usage += command.Action is null ? " COMMAND" : " [COMMAND]";
        }

        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
        {
            var name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
            usage += argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
        }

        return OptionsOf(command).Any(o => o is not (HelpOption or VersionOption)) ? usage + " [OPTIONS]" : usage;
    }

    private static IEnumerable<Option> OptionsOf(Command command)
    {
        var inherited = command.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o.Recursive);
        return command.Options.Concat(inherited).Where(o => !o.Hidden).DistinctBy(o => o.Name);
    }

    private static string NamesOf(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a is not "/?" and not "/h" and not "-?").Prepend(option.Name));
        var takesValue = option.ValueType != typeof(bool) && option is not (HelpOption or VersionOption);
        return takesValue ? $"{names} {option.HelpName ?? "VALUE"}" : names;
    }

    private void PrintLines(string title, IReadOnlyList<string> lines) => PrintTable(title, lines.Select(l => (l, (string?)null)));

    private void PrintTable(string title, IEnumerable<(string Name, string? Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            return;
        }

        results.WriteLine();
        results.WriteLine($"{title}:");
        var width = Math.Min(WidestName, all.Max(row => row.Name.Length));
        foreach (var (name, text) in all)
        {
            results.WriteLine(text is null ? $"  {name}" : $"  {name.PadRight(width)}  {text}");
        }
    }
}
