using System.Diagnostics;
using System.Globalization;

namespace Balsa.Cli.Chaos;

/// <summary>
/// How busy the machine was with others while something was measured. Times that were measured on a busy machine say more about
/// it than about us.
/// </summary>
internal sealed class MachineLoad
{
    private const double TicksPerSecond = 100;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly (double All, double Ours) _before = Look();

    /// <summary>Null where the system does not say.</summary>
    internal static MachineLoad? Begin() => OperatingSystem.IsLinux() ? new MachineLoad() : null;

    /// <summary>Since the beginning, of all processors. What our own children took counts as theirs until they have ended.</summary>
    internal double OthersShare()
    {
        var (all, ours) = Look();
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds * Environment.ProcessorCount;
        return Math.Max(0, (all - _before.All - (ours - _before.Ours)) / seconds);
    }

    /// <summary>Processor time in seconds, of all and of this process with its children that have ended.</summary>
    private static (double All, double Ours) Look()
    {
        // user nice system idle iowait irq softirq steal
        var machine = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..]);
        var all = machine[0] + machine[1] + machine[2] + machine[5] + machine[6] + machine[7];
        var text = File.ReadAllText("/proc/self/stat");
        // The name may hold anything, so the numbers are counted from behind it, and behind the letter of the state.
        var ours = Numbers(text[(text.LastIndexOf(')') + 3)..])[10..14].Sum();
        return (all / TicksPerSecond, ours / TicksPerSecond);
    }

    private static double[] Numbers(string text) => Array.ConvertAll(
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        number => double.Parse(number, CultureInfo.InvariantCulture));
}
