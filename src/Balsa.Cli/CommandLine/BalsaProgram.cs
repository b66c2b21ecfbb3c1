using System.CommandLine;
using System.CommandLine.Help;
using Balsa.Cli.Commands;

namespace Balsa.Cli.CommandLine;

/// <summary>From the words of the command line to an exit code. The writers are parameters so that tests can read them.</summary>
internal static class BalsaProgram
{
    /// <summary>A word that begins with @ is a word: the library would read the file and take its lines for words.</summary>
    internal static readonly ParserConfiguration Settings = new() { ResponseFileTokenReplacer = null };

    public static int Run(string[] args, TextWriter results, TextWriter messages)
    {
        var root = CreateRoot(results, messages);
        var parsed = root.Parse(args, Settings);

        if (parsed.Errors.Count > 0 && parsed.Action is not HelpPage)
        {
            var output = new Output(results, messages, Array.IndexOf(args, "--json") >= 0);
            return output.Fail(UsageProblem.From(parsed), ExitCode.Usage);
        }

        // Our own handling of Ctrl-C and of exceptions belongs to the commands: the library must not swallow a broken invariant.
        var settings = new InvocationConfiguration { Output = results, Error = messages, EnableDefaultExceptionHandler = false };
        return parsed.Invoke(settings);
    }

    internal static RootCommand CreateRoot(TextWriter results, TextWriter messages)
    {
        var root = new RootCommand("A replicated key-value store and a Raft library in C#.");
        foreach (var create in CommandList.All)
        {
            root.Subcommands.Add(create(results, messages));
        }

        var page = new HelpPage(results);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Shows this help.";
        help.Action = page;
        root.Options.OfType<VersionOption>().Single().Description = "Shows the version, and nothing else.";
        root.SetAction(_ =>
        {
            page.Print(root);
            return ExitCode.Done;
        });
        return root;
    }
}
