using System.Globalization;

namespace Balsa.Cli.Chaos.Networks;

/// <summary>Network namespaces by name, and what `ip` does in them.</summary>
internal static class Namespaces
{
    internal const string Tool = "ip";
    private const string Ours = "balsa-", Folder = "/run/netns";
    private static int s_last;

    /// <summary>It names this process, so that what a killed one left behind can be told from what is in use.</summary>
    internal static string NewPrefix() =>
        string.Create(CultureInfo.InvariantCulture, $"{Ours}{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}-");

    internal static IEnumerable<string> With(string prefix) =>
        Directory.Exists(Folder) ? Directory.GetFiles(Folder, prefix + "*").Select(path => Path.GetFileName(path)) : [];

    internal static IReadOnlyList<string> Launcher(string space) => [SystemTool.PathOf(Tool)!, "netns", "exec", space];

    /// <summary>Removes what belongs to processes that are gone.</summary>
    internal static void Sweep()
    {
        foreach (var space in With(Ours))
        {
            var owner = space[Ours.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out _) && !Directory.Exists($"/proc/{owner}"))
                Forget($"netns del {space}");
        }
    }

    /// <param name="space">Null for the network of the machine.</param>
    /// <param name="lines">Done together, until one fails.</param>
    /// <exception cref="ChaosException">One failed.</exception>
    internal static void Run(string? space, params string[] lines)
    {
        if (TryRun(space, lines) is { } problem) throw new ChaosException($"{Tool} {string.Join("; ", lines)}: {problem}");
    }

    /// <summary>Null when all were done; otherwise what the system said.</summary>
    internal static string? TryRun(string? space, params string[] lines)
    {
        string[] where = space is null ? [] : ["-n", space];
        if (lines.Length == 1) return SystemTool.TryRun(Tool, [.. where, .. lines[0].Split(' ')]);
        var script = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(script, lines);
            return SystemTool.TryRun(Tool, [.. where, "-batch", script]);
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>For what may be gone already.</summary>
    internal static void Forget(string line) => TryRun(null, line);
}
