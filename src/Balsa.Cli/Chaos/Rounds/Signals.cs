using System.Globalization;

namespace Balsa.Cli.Chaos.Rounds;

/// <summary>Signals to one process, by its id.</summary>
internal static class Signals
{
    internal static readonly (string Program, string Package) Needed = ("kill", "procps");

    internal static void Pause(int pid) => Send("STOP", pid);

    internal static void Resume(int pid) => Send("CONT", pid);

    internal static void Terminate(int pid) => Send("TERM", pid);

    private static void Send(string signal, int pid) =>
        SystemTool.Run(Needed.Program, $"-{signal}", pid.ToString(CultureInfo.InvariantCulture));
}
