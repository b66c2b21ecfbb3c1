using System.Globalization;

namespace Balsa.Cli.Chaos.Endurance;

/// <summary>What the system says of a process.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;

    /// <summary>Processor time so far, in seconds.</summary>
    internal static double CpuSeconds(int process)
    {
        // The name may hold anything, so the numbers are counted from behind it.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var numbers = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(numbers[11], CultureInfo.InvariantCulture) + long.Parse(numbers[12], CultureInfo.InvariantCulture);
        return ticks / TicksPerSecond;
    }

    /// <summary>Memory that lies in the machine's, in bytes.</summary>
    internal static long ResidentBytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
