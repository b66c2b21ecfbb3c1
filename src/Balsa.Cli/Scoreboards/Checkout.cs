using System.ComponentModel;
using System.Diagnostics;

namespace Balsa.Cli.Scoreboards;

/// <summary>The Balsa working copy that the current directory lies in.</summary>
internal sealed class Checkout
{
    private Checkout(string root) => Root = root;

    public string Root { get; }

    public string ScoreboardPath => Path.Combine(Root, ScoreboardFile.RelativePath);

    /// <summary>Null when neither the directory nor one above it is a Balsa checkout.</summary>
    public static Checkout? Find(string directory)
    {
        for (var current = new DirectoryInfo(directory); current is not null; current = current.Parent)
        {
            if (File.Exists(Path.Combine(current.FullName, "Balsa.slnx")))
            {
                return new Checkout(current.FullName);
            }
        }

        return null;
    }

    /// <summary>Short hash of the commit; a plus sign says that the tree was changed. Null without git.</summary>
    public string? Commit()
    {
        var commit = Git("rev-parse", "--short=10", "HEAD");
        if (commit is null)
        {
            return null;
        }

        // The scoreboard itself changes with each figure: that alone does not make the measured code another one.
        var changes = Git("status", "--porcelain", "--", ".", $":(exclude){ScoreboardFile.RelativePath}");
        return changes is { Length: 0 } ? commit : commit + "+";
    }

    private string? Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var text = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? text.Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
