using System.CommandLine;

namespace Balsa.Cli.CommandLine;

/// <summary>A command whose help shows examples first. Each example is the line as one types it.</summary>
internal sealed class CliCommand : Command
{
    public CliCommand(string name, string summary, params string[] examples)
        : base(name, summary)
    {
        Examples = examples;
    }

    public IReadOnlyList<string> Examples { get; }

    /// <summary>The option that every command with a result has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "One JSON object on the last line instead of text." };

    /// <summary>The whole line that runs this command, such as <c>balsa sim run</c>.</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        var name = command is RootCommand ? "balsa" : command.Name;
        return parent is null ? name : $"{PathOf(parent)} {name}";
    }
}
