namespace Balsa.Bench.Measuring;

/// <summary>What the system says this process holds in memory.</summary>
public static class ProcessMemory
{
    /// <summary>Bytes that are in memory now.</summary>
    public static long Resident => Read("VmRSS:") ?? Environment.WorkingSet;

    /// <summary>The most there ever was.</summary>
    public static long Peak => Read("VmHWM:") ?? Environment.WorkingSet;

    private static long? Read(string name)
    {
        if (!OperatingSystem.IsLinux()) return null;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith(name, StringComparison.Ordinal)) continue;
            var kibibytes = line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
            return long.Parse(kibibytes) << 10;
        }

        return null;
    }
}
