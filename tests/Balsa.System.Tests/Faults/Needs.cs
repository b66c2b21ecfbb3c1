using System.ComponentModel;
using System.Diagnostics;
using Balsa.Cli.Chaos;

namespace Balsa.System.Tests.Faults;

/// <summary>What a test of faults needs of the machine. Where that is missing, the test is skipped and says why.</summary>
internal static class Needs
{
    /// <summary>strace, and a system that lets it trace a process of its own.</summary>
    internal static void Tracing()
    {
        var problem = Try("strace", "-f", "--seccomp-bpf", "-e", "trace=fdatasync", "-o", "/dev/null", "true");
        Assert.SkipWhen(problem is not null, $"strace cannot be used here: {problem}");
    }

    /// <summary>Root, who may mount.</summary>
    internal static void Root() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root on Linux may mount file systems");

    /// <summary>A file system in a file, whose power can be cut.</summary>
    internal static void Mounts(string fileSystem)
    {
        Root();
        foreach (var (program, package) in LoopImage.NeededFor(fileSystem))
            Assert.SkipUnless(SystemTool.Exists(program), $"{program} is missing (Debian package {package})");
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "this system has no loop devices");
    }

    private static string? Try(string program, params string[] words)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in words) info.ArgumentList.Add(word);
        try
        {
            using var process = Process.Start(info)!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {said.Trim()}";
        }
        catch (Win32Exception absent)
        {
            return absent.Message;
        }
    }
}
