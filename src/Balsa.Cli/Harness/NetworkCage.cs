using System.Diagnostics;
using Balsa.Cli.Chaos;
using Balsa.Cli.Dev;

namespace Balsa.Cli.Harness;

/// <summary>
/// A network of our own, in which the course's ports are always free and filters touch nobody else: the command starts itself again
/// inside. Only root on Linux can have one.
/// </summary>
internal static class NetworkCage
{
    private const string Mark = "BALSA_HARNESS_NETWORK";

    /// <summary>We are inside already.</summary>
    internal static bool IsInside => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Why there can be none; null when there can.</summary>
    internal static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return "a network of its own needs root on Linux";
        foreach (var (program, package) in (ReadOnlySpan<(string, string)>)[("unshare", "util-linux"), ("ip", "iproute2")])
            if (!SystemTool.Exists(program)) return $"the program {program} is not installed (Debian package {package})";
        return SystemTool.TryRun("unshare", "--net", "true") is { } problem ? $"unshare --net: {problem}" : null;
    }

    /// <summary>The same command with the same words, inside; its exit code.</summary>
    internal static async Task<int> RunAgainAsync(IReadOnlyList<string> words)
    {
        var info = new ProcessStartInfo("unshare") { UseShellExecute = false };
        string[] before = ["--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", Environment.ProcessPath!, .. SelfCommand.Words];
        foreach (var word in before.Concat(words)) info.ArgumentList.Add(word);
        info.Environment[Mark] = "own";
        using var process = Process.Start(info)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
