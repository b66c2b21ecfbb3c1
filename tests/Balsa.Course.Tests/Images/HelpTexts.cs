using System.Text.RegularExpressions;

namespace Balsa.Course.Tests.Images;

/// <summary>What `balsa COMMAND --help` says, from the command that is built beside these tests.</summary>
internal static partial class HelpTexts
{
    private static readonly Dictionary<string, IReadOnlySet<string>> Known = [];
    private static readonly Lock Gate = new();

    internal static IReadOnlySet<string> Flags(string command)
    {
        lock (Gate)
        {
            if (Known.TryGetValue(command, out var known)) return known;
            using var cli = new Balsa.System.Tests.Cli();
            using var process = cli.Start(command, "--help");
            process.StandardInput.Close();
            var help = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"there is no command {command}");
            return Known[command] = Flag().Matches(help).Select(match => match.Value).ToHashSet();
        }
    }

    [GeneratedRegex("(?<=^  )--[a-z0-9-]+", RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex Flag();
}
