using Balsa.Cli.CommandLine;

namespace Balsa.Cli.Tests;

/// <summary>One run of balsa inside the test: what it printed and how it ended.</summary>
internal sealed record Run(int ExitCode, string Results, string Messages)
{
    public static Run Balsa(params string[] args)
    {
        using var results = new StringWriter();
        using var messages = new StringWriter();
        var exitCode = BalsaProgram.Run(args, results, messages);
        return new Run(exitCode, results.ToString(), messages.ToString());
    }

    public string LastLine => Results.TrimEnd().Split('\n')[^1];
}
