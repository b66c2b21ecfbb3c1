using System.Diagnostics;

namespace Balsa.Server.Http;

/// <summary>What this process takes of the machine, under the names that every exporter uses.</summary>
internal static class ProcessMetrics
{
    private const string Descriptors = "/proc/self/fd";

    internal static void Add(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Counter("process_cpu_seconds_total", "Processor time used.", process.TotalProcessorTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Memory that lies in RAM.", process.WorkingSet64);
        text.Gauge("process_virtual_memory_bytes", "Address space in use.", process.VirtualMemorySize64);
        text.Gauge("process_threads", "Threads.", process.Threads.Count);
        text.Gauge("process_start_time_seconds", "When it was started, in seconds since 1970.",
            new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        if (Directory.Exists(Descriptors))
            text.Gauge("process_open_fds", "Open files and sockets.", Directory.EnumerateFileSystemEntries(Descriptors).Count());
        text.Gauge("balsa_managed_memory_bytes", "Objects on the managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        text.Counter("balsa_collections_total", "Runs of the garbage collector.", GC.CollectionCount(0));
        text.Counter("balsa_collection_pause_seconds_total", "Time in which it held everything up.",
            GC.GetTotalPauseDuration().TotalSeconds);
    }
}
