using Balsa.Cli.CommandLine;
using Balsa.Cli.Commands.Bench;

namespace Balsa.Cli.Commands;

/// <summary>Every command of balsa. A new command is one file in this folder and one line in this list.</summary>
internal static class CommandList
{
    public static IReadOnlyList<Func<TextWriter, TextWriter, CliCommand>> All { get; } =
    [
        VersionCommand.Create,
        ScoreboardCommand.Create,
        BenchCommand.Create,
    ];
}
