using System.Diagnostics;
using System.Globalization;

namespace Balsa.Cli.Dev.Faults;

/// <summary>Lets a process sleep, and wakes it, without its help. Where there is no POSIX shell it cannot be done.</summary>
internal static class ProcessSignals
{
    public static bool TryPause(int pid) => TrySend("STOP", pid);

    public static bool TryResume(int pid) => TrySend("CONT", pid);

    private static bool TrySend(string signal, int pid)
    {
        if (OperatingSystem.IsWindows()) return false;
        // The shell's own kill: a separate program of that name is not everywhere.
        var info = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {pid}"));
        using var sent = Process.Start(info)!;
        sent.WaitForExit();
        return sent.ExitCode == 0;
    }
}
